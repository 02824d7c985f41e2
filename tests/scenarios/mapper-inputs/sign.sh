#!/bin/sh
cat >signed
cat proof.json
