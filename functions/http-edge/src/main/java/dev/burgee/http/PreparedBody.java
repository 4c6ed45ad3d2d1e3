package dev.burgee.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** A JSON body that is sent many times, as it is and as the text within JSON that Lambda takes: made once. Thread-safe. */
public final class PreparedBody {
    private final String text;
    private byte[] escaped = new byte[0]; // guarded by this; made on first use

    public PreparedBody(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** The text in UTF-8 with quotes, backslashes and controls escaped. The caller does not change it. */
    synchronized byte[] escaped() {
        if (escaped.length == 0) {
            escaped = JsonStringEncoder.getInstance().quoteAsUTF8(text);
        }
        return escaped;
    }
}
