package dev.burgee.local;

import java.util.Arrays;

/** A page of Markdown in the making; says on standard output what comes onto it. Not thread-safe. */
final class Page {
    private final StringBuilder text = new StringBuilder();

    void heading(String heading) {
        add(text.isEmpty() ? "# " + heading : "\n## " + heading);
        add("");
    }

    void text(String paragraph) {
        add(paragraph + "\n");
    }

    void columns(String... names) {
        row((Object[]) names);
        row(Arrays.stream(names).map(_ -> "---").toArray());
    }

    void row(Object... cells) {
        add("| " + String.join(" | ", Arrays.stream(cells).map(String::valueOf).toList()) + " |");
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private void add(String line) {
        System.out.println(line);
        text.append(line).append('\n');
    }
}
