package dev.burgee.http;

import dev.burgee.failure.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The value of an {@code If-Match} or {@code If-None-Match} header (RFC 9110, section 13.1). Immutable.
 *
 * @param any the value is {@code *}
 * @param tags in their order; empty when {@code any}
 */
public record ETags(boolean any, List<ETags.Tag> tags) {
    /**
     * One entity tag.
     *
     * @param opaque what is between the quotes
     */
    public record Tag(boolean weak, String opaque) {}

    private static final ETags ANY = new ETags(true, List.of());
    private static final Pattern TAG = Pattern.compile("(W/)?\"([\\x21\\x23-\\x7e]*+)\"");
    private static final Pattern SEPARATOR = Pattern.compile("[ \\t]*+,[ \\t]*+");
    private static final String RULE = " must be * or entity tags such as \"42\", separated by commas";

    public ETags {
        tags = List.copyOf(tags);
    }

    /** The tag of a version, as the {@code ETag} header carries it. */
    public static String format(long version) {
        return "\"" + version + "\"";
    }

    /**
     * The request's {@code If-Match}; empty when it has none.
     *
     * @throws InvalidRequestException when it has one of another form
     */
    public static Optional<ETags> ifMatch(Request request) {
        return of(request, "If-Match");
    }

    /**
     * The request's {@code If-None-Match}; empty when it has none.
     *
     * @throws InvalidRequestException when it has one of another form
     */
    public static Optional<ETags> ifNoneMatch(Request request) {
        return of(request, "If-None-Match");
    }

    /** Whether {@code If-Match} holds for something that exists with this tag: weak tags never match. */
    public boolean matchesStrongly(String etag) {
        return any || named(etag).anyMatch(tag -> !tag.weak && !etag.startsWith("W/"));
    }

    /** Whether {@code If-None-Match} names something that exists with this tag: weak or not makes no difference. */
    public boolean matchesWeakly(String etag) {
        return any || named(etag).findAny().isPresent();
    }

    /** {@link #matchesStrongly(String)} for the tag of a version. */
    public boolean matchesStrongly(long version) {
        return matchesStrongly(format(version));
    }

    /** {@link #matchesWeakly(String)} for the tag of a version. */
    public boolean matchesWeakly(long version) {
        return matchesWeakly(format(version));
    }

    private Stream<Tag> named(String etag) {
        String quoted = etag.startsWith("W/") ? etag.substring(2) : etag;
        return tags.stream().filter(tag -> quoted.equals("\"" + tag.opaque + "\""));
    }

    private static Optional<ETags> of(Request request, String header) {
        return request.header(header).map(value -> parse(header, value));
    }

    static ETags parse(String header, String value) {
        String list = value.strip();
        if (list.equals("*")) {
            return ANY;
        }
        List<Tag> tags = new ArrayList<>();
        Matcher tag = TAG.matcher(list);
        Matcher separator = SEPARATOR.matcher(list);
        // step by step instead of by one pattern: that one would recurse for each tag of a long list
        for (int at = 0; ; at = separator.end()) {
            if (!tag.region(at, list.length()).lookingAt()) {
                throw new InvalidRequestException(header, Shown.of(value) + RULE);
            }
            tags.add(new Tag(tag.group(1) != null, tag.group(2)));
            if (tag.end() == list.length()) {
                return new ETags(false, tags);
            }
            if (!separator.region(tag.end(), list.length()).lookingAt()) {
                throw new InvalidRequestException(header, Shown.of(value) + RULE);
            }
        }
    }
}
