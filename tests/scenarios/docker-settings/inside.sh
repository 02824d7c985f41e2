engine() { curl -sS --fail-with-body --unix-socket "${DOCKER_HOST#unix://}" -H 'Content-Type: application/json' "http://engine$1" "${@:2}"; }
engine /networks/create -d '{"Name": "backbone"}' >made
engine /volumes/create -d '{"Name": "pages"}' >made
cairn up >up
engine '/containers/json?filters=%7B%22name%22%3A%5B%22web-v1%22%5D%7D' >containers  # {"name":["web-v1"]}
engine "/containers/$(field Id <containers)/json" >container
engine /images/shop/web:built/json >image
cat >check.py <<'PROGRAM'
import json, sys
container, image = json.load(open("container")), json.load(open("image"))
config, host = container["Config"], container["HostConfig"]
environment = dict(entry.split("=", 1) for entry in config["Env"])
mounts = {mount["Destination"]: mount for mount in container["Mounts"]}
wrong = []
def check(what, is_, wanted):
    if is_ != wanted:
        wrong.append("%s is %r, not %r" % (what, is_, wanted))
check("the entrypoint", config["Entrypoint"], ["/busybox", "sh"])
check("the command", config["Cmd"], ["-c", "/busybox httpd -f -p $PORT -h /data"])
check("PORT", environment.get("PORT"), "3000")
check("LOG_LEVEL", environment.get("LOG_LEVEL"), "info")
check("EMPTY", environment.get("EMPTY"), "")
check("the volume's kind", mounts["/data"]["Type"], "volume")
check("the volume", mounts["/data"]["Name"], "pages")
check("whether the volume may be written", mounts["/data"]["RW"], True)
check("the folder's kind", mounts["/fixed"]["Type"], "bind")
check("the folder", mounts["/fixed"]["Source"], sys.argv[1])
check("whether the folder may be written", mounts["/fixed"]["RW"], False)
check("the networks", sorted(container["NetworkSettings"]["Networks"]), ["backbone", "cairn-shop"])
check("the memory", host["Memory"], 64 << 20)
check("the processors", host["NanoCpus"], 500000000)
check("the restart policy", host["RestartPolicy"]["Name"], "on-failure")
check("the app's label", config["Labels"].get("team"), "checkout")
check("the build's argument", image["Config"]["Labels"].get("greeting"), "hello")
check("the layers of the image", len(image["RootFS"]["Layers"]), 1)
print("\n".join(wrong))
PROGRAM
python3 check.py "$HOUSE/work/fixed" >wrong
[ -z "$(cat wrong)" ] || fail "$(cat wrong)"
[ "$(cairn exec -- /busybox cat /fixed/page)" = 'from the host' ] || fail "the folder is not there"
exits 1 cairn exec -- /busybox touch /fixed/other 2>refused
cairn destroy --project --yes >destroyed
engine /volumes/pages >kept
engine /networks/backbone -X DELETE
