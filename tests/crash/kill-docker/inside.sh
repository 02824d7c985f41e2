engine() { curl -sS --fail-with-body --unix-socket "${DOCKER_HOST#unix://}" -H 'Content-Type: application/json' "http://engine$1" "${@:2}"; }
# Containers and networks of the engine, as long as they don't come and go with each request.
things() {
  engine '/containers/json?all=1' | grep -o '"Id":"[0-9a-f]*","Names":\["[^"]*"\]'
  engine /networks | grep -o '"Name":"[^"]*","Id":"[0-9a-f]*"'
}
only_strangers() { [ "$(things | sort)" = "$(cat strangers)" ] || fail "after point $1: $(things | sort | diff strangers - || true)"; }
address() { cairn status --json | field url; }

cairn build >built
points=$(points_of cairn up --json)
url=$(address)
curl -sS --fail --max-time 10 "$url" >answer
# Strangers with names like ours, of our image.
image=$(engine /containers/json | grep -o '"ImageID":"[^"]*"' | cut -d '"' -f 4 | tail -n 1)
for name in web-v1-0badcafe0bad cairn-proxy-web-0badcafe; do
  engine "/containers/create?name=$name" -d "{\"Image\":\"$image\",\"Cmd\":[\"sleep\",\"600\"]}" >created || fail "$(cat created)"
  engine "/containers/$name/start" -X POST || fail start
done
engine /networks/create -d '{"Name":"cairn-shop-web"}' >created
cairn destroy --project --yes >destroyed
things | sort >strangers
[ "$(wc -l <strangers)" -ge 5 ] || fail "the strangers are not seen: $(cat strangers)"

for ((at = 4; at <= points; at += 3)); do
  killed_at $at cairn up --json || break
  eventually 1 no_plugins
  told_by_status
  cairn destroy --project --yes >destroyed || fail "destroy after point $at: $(cat destroyed)"
  only_strangers $at
done
[ $at -gt 20 ] || fail "only $at points were found"

# Over what serves: it serves on, and what was cut short goes with the rest.
cairn up >up
url=$(address)
for ((at = points - 7; at <= points; at += 2)); do
  killed_at $at cairn up --json || break
  eventually 1 no_plugins
  told_by_status
  curl -sS --fail --max-time 10 "$url" >answer || fail "nothing serves after point $at"
done
cairn destroy --project --yes >destroyed || fail "destroy after all: $(cat destroyed)"
only_strangers $at
for name in web-v1-0badcafe0bad cairn-proxy-web-0badcafe; do engine "/containers/$name?force=1" -X DELETE; done
engine /networks/cairn-shop-web -X DELETE
