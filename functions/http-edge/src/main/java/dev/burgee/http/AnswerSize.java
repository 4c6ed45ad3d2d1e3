package dev.burgee.http;

/** How large a body becomes inside a function's answer, where it is JSON text within JSON text. */
public final class AnswerSize {
    /** What a body may become: Lambda's limit on answers is 6 MB (6,291,556 bytes); the rest is for the headers. */
    public static final int MAX_BYTES = 6_291_556 - 64 * 1024;

    private static final int BYTES_PER_CHAR_MAX = 6;

    private AnswerSize() {}

    /** The bytes of a body as it is written in an answer: UTF-8, with quotes, backslashes and controls escaped. */
    public static long ofBytes(String body) {
        long bytes = 0;
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f') {
                bytes += 2;
            } else if (c < ' ') {
                bytes += BYTES_PER_CHAR_MAX;
            } else if (c < 0x80) {
                bytes++;
            } else {
                // a surrogate pair is 4 bytes, 2 for each half
                bytes += c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
            }
        }
        return bytes;
    }

    static boolean fits(String body) {
        return (long) body.length() * BYTES_PER_CHAR_MAX <= MAX_BYTES || ofBytes(body) <= MAX_BYTES;
    }
}
