package dev.burgee.http;

import dev.burgee.failure.InvalidRequestException;
import dev.burgee.failure.TooLargeException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Takes bodies out of events: size, base64, UTF-8. */
final class Bodies {
    private Bodies() {}

    /**
     * The body as text; null when there is none or an empty one.
     *
     * @throws TooLargeException when it has more than {@code maxBytes} bytes of UTF-8
     * @throws InvalidRequestException when it is not base64 but said to be, or not UTF-8
     */
    static @Nullable String decode(@Nullable String body, boolean base64, int maxBytes) {
        if (body == null || body.isEmpty()) {
            return null;
        }
        // the text in the event is never shorter than the bytes it stands for, but for base64
        if (body.length() > (base64 ? maxBytes / 3L * 4 + 8 : maxBytes)) {
            throw tooLarge(maxBytes);
        }
        String text = base64 ? fromBase64(body) : body;
        if (bytes(text) > maxBytes) {
            throw tooLarge(maxBytes);
        }
        return text.isEmpty() ? null : text;
    }

    private static TooLargeException tooLarge(int maxBytes) {
        return new TooLargeException("body has more than the " + maxBytes + " bytes that this route takes");
    }

    private static String fromBase64(String body) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(body));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (IllegalArgumentException _) {
            throw new InvalidRequestException("body", "is marked as base64 (isBase64Encoded), but is not base64");
        } catch (CharacterCodingException _) {
            throw notUtf8();
        }
    }

    private static int bytes(String text) {
        try {
            return StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(text))
                    .remaining();
        } catch (CharacterCodingException _) {
            throw notUtf8();
        }
    }

    private static InvalidRequestException notUtf8() {
        return new InvalidRequestException("body", "is not UTF-8 text");
    }
}
