# Sourced by the scripts: finds a JDK 25, sets JAVA_HOME and PATH to it, or ends with a message.

# the feature number of the JDK in a directory; nothing when there is none with a compiler
burgee_jdk_version() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

burgee_find_jdk() {
  local candidate on_path
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$candidate" ] && [ "$(burgee_jdk_version "$candidate")" = 25 ]; then
      echo "$candidate"
      return
    fi
  done
  on_path=$(command -v java) || return 1
  # asks the program itself: it may be a link or a shim
  candidate=$("$on_path" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
  [ "$(burgee_jdk_version "$candidate")" = 25 ] || return 1
  echo "$candidate"
}

if ! JAVA_HOME=$(burgee_find_jdk); then
  echo "$0: needs a JDK 25, and none was found (JAVA_HOME, /usr/lib/jvm, ~/.sdkman, /Library/Java, java on the PATH)." >&2
  echo "$0: install one, for example Temurin 25 from https://adoptium.net, or set JAVA_HOME." >&2
  exit 1
fi
export JAVA_HOME PATH="$JAVA_HOME/bin:$PATH"
