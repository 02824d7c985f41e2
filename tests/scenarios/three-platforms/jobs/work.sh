trap 'exit 0' TERM
echo working
while :; do sleep 1 & wait; done
