package dev.burgee.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON text to trees and back. A tree is made of {@link Map} (in the text's order), {@link List}, {@link String}, {@link
 * Boolean}, {@link Integer}, {@link Long}, {@link java.math.BigInteger}, {@link java.math.BigDecimal} (so that no digit is
 * lost) and null. Thread-safe.
 */
public final class Json {
    /** Levels of objects and arrays in one text: far beyond any targeting rule, far below any stack. */
    public static final int DEPTH_MAX = 100;

    private static final int NUMBER_LENGTH_MAX = 100;
    private static final int NAME_LENGTH_MAX = 50_000;
    private static final String EXPONENT_TOO_LARGE = "has a number whose exponent is beyond 32 bits";
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNumberLength(NUMBER_LENGTH_MAX)
                    .maxNameLength(NAME_LENGTH_MAX)
                    .build())
            .build();
    private static final JSON JR = JSON.builder(FACTORY)
            .enable(JSON.Feature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
            .build();

    private Json() {}

    /**
     * Reads one JSON value.
     *
     * @throws MalformedJsonException when the text is not one JSON value, repeats a member, nests deeper than {@link
     *     #DEPTH_MAX} levels, has a number of over 100 characters or with an exponent beyond 32 bits, a member's name of over 50,000, or a string that is
     *     not valid Unicode
     */
    public static @Nullable Object parse(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new MalformedJsonException("is empty, but must be a JSON value");
            }
            Object tree = JR.anyFrom(parser);
            if (parser.nextToken() != null) {
                throw new MalformedJsonException("has more text after the JSON value");
            }
            checkUnicode(tree);
            return tree;
        } catch (JsonProcessingException e) {
            throw new MalformedJsonException(reason(e));
        } catch (NumberFormatException _) {
            // 1e99999999999 is well formed, but no number of ours can hold it
            throw new MalformedJsonException(EXPONENT_TOO_LARGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a tree (or any part of one) without white space; members keep the order of their map. */
    public static String write(@Nullable Object tree) {
        try {
            return JR.asString(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A parser with the same limits, for readers that want no tree. */
    public static JsonFactory factory() {
        return FACTORY;
    }

    private static String reason(JsonProcessingException e) {
        var at = e.getLocation();
        String where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        return switch (e) {
            case StreamConstraintsException _ -> limit(String.valueOf(e.getOriginalMessage())) + where;
            case JsonEOFException _ -> "is not valid JSON: it ends too early" + where;
            // Jackson's own text may quote the payload, which must not travel into logs or answers
            default -> {
                String text = String.valueOf(e.getOriginalMessage());
                if (text.startsWith("Duplicate field")) {
                    yield "names a member twice" + where;
                }
                yield (text.contains("java.math.BigDecimal") ? EXPONENT_TOO_LARGE : "is not valid JSON") + where;
            }
        };
    }

    /** Which limit it is stands at the start of Jackson's text. */
    private static String limit(String text) {
        if (text.startsWith("Document nesting depth")) {
            return "nests deeper than " + DEPTH_MAX + " levels";
        }
        if (text.startsWith("Number")) {
            return "has a number of more than " + NUMBER_LENGTH_MAX + " characters";
        }
        return "has a member with a name of more than " + NAME_LENGTH_MAX + " characters";
    }

    private static void checkUnicode(@Nullable Object tree) {
        switch (tree) {
            case Map<?, ?> map ->
                map.forEach((name, value) -> {
                    checkUnicode(name);
                    checkUnicode(value);
                });
            case List<?> list -> list.forEach(Json::checkUnicode);
            case String text -> {
                for (int i = 0; i < text.length(); i++) {
                    char c = text.charAt(i);
                    if (Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1))) {
                        i++;
                    } else if (Character.isSurrogate(c)) {
                        throw new MalformedJsonException(
                                "has a string with half a surrogate pair, which is not Unicode text");
                    }
                }
            }
            case null, default -> {}
        }
    }
}
