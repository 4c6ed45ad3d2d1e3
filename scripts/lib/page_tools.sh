# Sourced by scripts that make docs/performance.md: page_tools leaves a Python that can draw in $page_python, and installs what
# it needs under target/page-tools when it is not there. Needs $root.

page_tools() {
  local where=$root/target/page-tools list=scripts/lib/page-tools.txt wanted
  # as scripts/check-deploy says it, which installs the same
  wanted="-r $list $(<"$root/$list")"
  page_python=$where/bin/python
  if [ "$(cat "$where/installed.txt" 2>/dev/null)" = "$wanted" ]; then return 0; fi
  command -v python3 >/dev/null || { echo "the page needs python3 (3.11 or later)" >&2; return 1; }
  echo "installing what draws plots under target/page-tools (once) ..." >&2
  rm -rf "$where"
  # last: an installation that was cut short is begun again
  python3 -m venv "$where" && "$where/bin/pip" install --quiet --disable-pip-version-check -r "$root/$list" \
    && echo "$wanted" >"$where/installed.txt"
}
