# Sourced by scripts that run the local world, after java.sh and with $root set: builds what they need, once after each
# change of the sources.
stamp=$root/local/target/built
sources=("$root"/pom.xml "$root"/.mvn "$root"/shared "$root"/functions "$root"/local "$root"/site)
if [ ! -e "$stamp" ] \
  || [ -n "$(find "${sources[@]}" -name target -prune -o -type f -newer "$stamp" -print -quit)" ]; then
  echo "building (once after each change of the sources; the first time it downloads libraries) ..." >&2
  log=$root/local/target/build.log
  mkdir -p "$root/local/target"
  # as old as the beginning of the build: what changes during it is newer
  touch "$stamp.begun"
  if ! (cd "$root" && ./mvnw -B -q -DskipTests -Dspotless.check.skip package) >"$log" 2>&1; then
    cat "$log" >&2
    echo "$0: the build failed, see above" >&2
    exit 1
  fi
  mv "$stamp.begun" "$stamp"
fi
