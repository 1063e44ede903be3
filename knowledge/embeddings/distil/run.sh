#!/usr/bin/env bash
# Makes the built-in embedding model anew: run.sh [benchmark folder] [further options of distil.py]
set -euo pipefail
cd "$(dirname "$0")/../../.."
benchmarks=${1:-../shared/benchmarks}
shift || true
cache=${WENBAN_DISTIL_CACHE:-data/distil}
mkdir -p "$cache"
[ -x "$cache/venv/bin/python" ] || python3 -m venv "$cache/venv"
"$cache/venv/bin/pip" install --quiet --disable-pip-version-check -r knowledge/embeddings/distil/requirements.txt
npx tsx knowledge/embeddings/distil/corpus.ts "$benchmarks" "$cache/corpus"
"$cache/venv/bin/python" knowledge/embeddings/distil/distil.py \
  --corpus "$cache/corpus" --teacher "$cache/teacher" --jieba node_modules/@node-rs/jieba/dict.txt --without zh-matching "$@"
