export CAIRN_VAR_REGISTRY=$REGISTRY
url_of() { cairn status --app "$1" --json | field url; }
answer() { curl -sS --fail --max-time 10 "$url"; }

cairn up >first
url=$(url_of web)
answer
curl -sS "http://$REGISTRY/v2/shop/web/tags/list" | grep -q '"one"' || fail "nothing was pushed"
cairn plan -v >chains
has 'null.Artifact' chains
cairn logs --app web >logs
has serving logs
cairn logs --app jobs >logs
has working logs
exits 7 cairn exec --app web -- sh -c 'exit 7'

echo "Hello from version 2" >web/index.html
cairn up --app web >second
[ "$(url_of web)" = "$url" ] || fail "the address has changed"
answer
cairn rollback --app web --yes >rolled
answer
cairn destroy --project --yes >destroyed
! curl -s --max-time 2 "$url" || fail "something still answers"
