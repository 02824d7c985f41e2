engine() { curl -sS --fail-with-body --unix-socket "${DOCKER_HOST#unix://}" -H 'Content-Type: application/json' "http://engine$1" "${@:2}"; }
# Containers, networks and images of the engine, as long as they don't come and go with each request.
things() {
  engine '/containers/json?all=1' | grep -o '"Id":"[0-9a-f]*","Names":\["[^"]*"\]'
  engine /networks | grep -o '"Name":"[^"]*","Id":"[0-9a-f]*"'
  engine /images/json | grep -o '"Id":"[^"]*"'
}
only_strangers() { [ "$(things | sort)" = "$(cat strangers)" ] || fail "after point $1: $(things | sort | diff strangers - || true)"; }
address() { cairn status --json | field url; }
# By what was recorded alone: nobody says any more where the engine is.
destroy_after() {
  DOCKER_HOST=unix:///nowhere.sock cairn destroy --project --yes >destroyed || fail "destroy after point $1: $(cat destroyed)"
  only_strangers "$1"
}

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
cairn destroy --project --yes >destroyed || fail "destroy: $(cat destroyed)"
things | sort >strangers
[ "$(wc -l <strangers)" -ge 8 ] || fail "the strangers are not seen: $(cat strangers)"

for ((at = 1; at <= points; ++at)); do
  killed_at $at cairn up --json || break
  nothing_left "after point $at"
  told_by_status
  destroy_after $at
done
[ $at -gt 20 ] || fail "only $at points were found"

# Over what serves: it serves on, and what was cut short goes with the rest.
cairn up >up
url=$(address)
for ((at = 1; at <= points; ++at)); do
  killed_at $at cairn up --json || break
  nothing_left "after point $at"
  told_by_status
  curl -sS --fail --max-time 10 "$url" >answer || fail "nothing serves after point $at"
done
[ $at -gt 20 ] || fail "only $at points were found over what serves"
destroy_after $at
for name in web-v1-0badcafe0bad cairn-proxy-web-0badcafe; do engine "/containers/$name?force=1" -X DELETE; done
engine /networks/cairn-shop-web -X DELETE
