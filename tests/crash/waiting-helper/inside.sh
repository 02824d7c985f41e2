mkdir docker helpers
echo '{"credsStore": "waits"}' >docker/config.json
cat >helpers/docker-credential-waits <<FILE
#!/bin/sh
sleep 601 &
echo >$PWD/began
exec sleep 602
FILE
chmod +x helpers/docker-credential-waits
export DOCKER_CONFIG=$PWD/docker PATH=$PWD/helpers:$PATH
for end in KILL INT; do
  rm -f began
  $marked cairn build >said 2>&1 &
  run=$!
  eventually test -e began
  kill -$end $run
  [ $end = KILL ] || kill -$end $run || true
  wait $run || true
  (eventually nothing_marked) || fail "SIG$end: $(cat said)"
done
cairn status >status
no_work_folders || fail "a work folder is left"
