package dev.burgee.rehearsal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.burgee.time.Time;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Speaks as much of Redis's protocol as a writable cache with a flag under any key needs, to one connection. Not thread-safe. */
final class StagedCache {
    private static final String FLAG = """
            1 d 1
            {"key":"rehearsal","state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off",\
            "targeting":{},"metadata":{},"version":1,"updatedAt":"2026-01-01T00:00:00Z","updatedBy":"rehearsal"}""";

    /** EVALSHA, digest, number of keys, two keys, four numbers. */
    private static final int NEWS_WORDS = 9;

    /** Whatever was to be applied is. */
    private static final String APPLIED = "999999999";

    private static final int WORD_BYTES_MAX = 1 << 20;
    private static final int LINE_BYTES_MAX = 64;

    /** HMGET, the hash, and what is said about the whole of it. */
    private static final int HEAD_WORDS = 5;

    private final String region;
    private final Time time;
    private long position = 1;
    private boolean asked;

    StagedCache(String region, Time time) {
        this.region = region;
        this.time = time;
    }

    void serve(Socket socket) throws IOException {
        var in = new BufferedInputStream(socket.getInputStream());
        var out = new BufferedOutputStream(socket.getOutputStream());
        while (true) {
            List<String> command = command(in);
            answer(command, out);
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    private void answer(List<String> command, OutputStream out) throws IOException {
        switch (command.getFirst().toUpperCase(Locale.ROOT)) {
            case "HMGET" -> {
                if (command.size() == HEAD_WORDS) {
                    // every other time something has changed
                    position += asked ? 1 : 0;
                    asked = !asked;
                }
                line(out, "*" + (command.size() - 2));
                for (String field : command.subList(2, command.size())) {
                    bulk(out, value(field));
                }
            }
            case "HGETALL" -> {
                List<String> fields = List.of("#position", "#checked", "#home", "f:rehearsal");
                line(out, "*" + fields.size() * 2);
                for (String field : fields) {
                    bulk(out, field);
                    bulk(out, value(field));
                }
            }
            case "EVALSHA", "EVAL" -> {
                if (isNews(command)) {
                    line(out, "*6");
                    bulk(out, Long.toString(position));
                    bulk(out, value("#checked"));
                    bulk(out, region);
                    line(out, ":1");
                    line(out, "*0");
                    line(out, "*0");
                } else {
                    bulk(out, APPLIED);
                }
            }
            case "HELLO" -> {
                line(out, "*6");
                bulk(out, "server");
                bulk(out, "redis");
                bulk(out, "version");
                bulk(out, "7.0.0");
                bulk(out, "proto");
                line(out, ":2");
            }
            case "DEL" -> line(out, ":0");
            default -> line(out, "+OK");
        }
    }

    private static boolean isNews(List<String> command) {
        return command.size() == NEWS_WORDS
                && command.subList(NEWS_WORDS - 4, NEWS_WORDS).stream()
                        .allMatch(argument -> argument.chars().allMatch(Character::isDigit));
    }

    private String value(String field) {
        return switch (field) {
            case "#position" -> Long.toString(position);
            case "#checked" -> Long.toString(time.now().toEpochMilli());
            case "#home" -> region;
            default -> FLAG;
        };
    }

    private static List<String> command(InputStream in) throws IOException {
        int words = number(in);
        List<String> command = new ArrayList<>();
        for (int i = 0; i < words; i++) {
            byte[] word = in.readNBytes(Math.min(number(in), WORD_BYTES_MAX));
            in.skipNBytes(2);
            command.add(new String(word, ISO_8859_1));
        }
        if (command.isEmpty()) {
            throw new EOFException();
        }
        return command;
    }

    /** Of a line such as {@code *3} or {@code $11}. */
    private static int number(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > LINE_BYTES_MAX) {
                throw new EOFException();
            }
            line.append((char) c);
        }
        try {
            return Integer.parseInt(line.substring(1).strip());
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            throw new IOException("not a command", e);
        }
    }

    private static void line(OutputStream out, String text) throws IOException {
        out.write((text + "\r\n").getBytes(ISO_8859_1));
    }

    private static void bulk(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        line(out, "$" + bytes.length);
        out.write(bytes);
        line(out, "");
    }
}
