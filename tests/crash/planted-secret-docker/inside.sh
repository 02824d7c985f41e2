secret=$CAIRN_VAR_TOKEN
export CAIRN_VAR_REGISTRY=$REGISTRY
engine() { curl -sS --fail-with-body --unix-socket "${DOCKER_HOST#unix://}" "http://engine$1" "${@:2}"; }
watch_commands
cairn plan --out a.plan >planned
cairn up --json >events 2>complaints || fail "up: $(cat complaints)"
cairn up --plain -v >plain 2>&1
cairn up --plain -v --var token=wrong-wrong-wrong >refused 2>&1 && fail "the registry takes any password" || true
watched_commands >commands
has cairn-plugin-docker commands

# The container has it, and whoever may use the engine can read it there.
engine '/containers/json' >containers
container=$(grep -o '"Names":\["/web-v[^"]*"' containers | head -n 1 | cut -d '"' -f 4)
engine "/containers$container/json" >inspected
has "TOKEN=$secret" inspected
engine "/images/json" >images
image=$(field ImageID <containers)
engine "/images/$image/history" >>images
cairn logs --app web >logs

unset CAIRN_VAR_TOKEN
for kind in build artifact deployment release; do cairn $kind list --json --all; done >records 2>&1
for kind in build artifact deployment; do cairn $kind show "$(cairn $kind list --json | head -n 1 | field id)" --json --app web; done >>records 2>&1
cairn history --json >>records
cairn status -v --json >>records
lacks "$secret" a.plan planned events complaints plain refused commands records logs images "$XDG_CACHE_HOME" "$HOME" "$XDG_STATE_HOME"
cairn destroy --project --yes >destroyed
lacks "$secret" destroyed "$XDG_STATE_HOME"
