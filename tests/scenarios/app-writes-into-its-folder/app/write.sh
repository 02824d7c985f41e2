#!/bin/sh
echo started >>diary
exec sleep 600
