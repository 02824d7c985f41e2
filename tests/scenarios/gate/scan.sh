#!/bin/sh
echo scanned >>scans
if grep -q bad; then
  echo "CVE-2026-4711 in libbad" >&2
  exit 1
fi
