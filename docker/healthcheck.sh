#!/bin/bash
# Whether the server in this container should be sent requests: 0 for yes. Starts no other program,
# so that it costs nothing. With TLS it tells only that the port answers.
set -u

port=${CAPSDB_PORT:-6333}
exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
if [ -n "${CAPSDB_TLS_CERT:-}" ]; then
  exit 0
fi
printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 4 _ status _ <&3 || exit 1
[ "$status" = 200 ]
