package dev.burgee.read;

import dev.burgee.failure.InvalidRequestException;
import dev.burgee.failure.NotFoundException;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.http.ETags;
import dev.burgee.http.Request;
import dev.burgee.http.Response;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** The routes that read flags. */
final class ReadEndpoints {
    private static final int LIMIT_MAX = 100_000;
    private static final String POSITION = "Burgee-Position";
    private static final String SOURCE = "Burgee-Source";
    private static final String REGION = "Burgee-Region";

    private final TieredRead tiers;
    private final FlagMemory memory;
    private final Ledger ledger;
    private final Region here;

    ReadEndpoints(TieredRead tiers, FlagMemory memory, Ledger ledger, Region here) {
        this.tiers = tiers;
        this.memory = memory;
        this.ledger = ledger;
        this.here = here;
    }

    Response flag(Request request) {
        FlagKey key = request.flagKey();
        Optional<ETags> ifNoneMatch = ETags.ifNoneMatch(request);
        Answer<FlagState> answer =
                tiers.read(new OneFlag(key, memory, ledger), request.position().orElse(Position.START));
        return switch (answer.value()) {
            case FlagState.Live live ->
                respond(answer, ETags.format(live.version()), ifNoneMatch, () -> Response.json(200, live.json()));
            case FlagState.Deleted deleted ->
                described(notFound(key, "was deleted by version " + deleted.version()), answer);
            case FlagState.Absent _ -> described(notFound(key, "does not exist"), answer);
        };
    }

    Response list(Request request) {
        FlagKey after = request.query("after").map(ReadEndpoints::after).orElse(null);
        Integer limit = request.query("limit").map(text -> limit(request, text)).orElse(null);
        Optional<ETags> ifNoneMatch = ETags.ifNoneMatch(request);
        Answer<Snapshot> answer =
                tiers.read(new AllFlags(memory, ledger), request.position().orElse(Position.START));
        Snapshot flags = answer.value();
        if (after == null && limit == null) {
            return respond(
                    answer,
                    ETags.format(flags.newestVersion()),
                    ifNoneMatch,
                    () -> Response.json(200, flags.whole().body()));
        }
        String bounds = "." + (after == null ? "" : after) + "." + (limit == null ? "" : limit);
        String etag = "\"" + flags.newestVersion() + bounds + "\"";
        return respond(
                answer,
                etag,
                ifNoneMatch,
                () -> Response.json(
                        200,
                        FlagPage.of(flags.flags(), after, limit == null ? Integer.MAX_VALUE : limit)
                                .body()));
    }

    private Response respond(Answer<?> answer, String etag, Optional<ETags> ifNoneMatch, Supplier<Response> whole) {
        boolean unchanged = ifNoneMatch.map(tags -> tags.matchesWeakly(etag)).orElse(false);
        Response response = unchanged ? Response.empty(304) : whole.get();
        String position = answer.position().toString();
        return told(
                answer,
                response.with(
                        "ETag",
                        etag,
                        "Cache-Control",
                        "no-cache",
                        POSITION,
                        position,
                        SOURCE,
                        answer.source().text(),
                        REGION,
                        here.code()));
    }

    private Response described(Response response, Answer<?> answer) {
        return told(
                answer,
                response.with(
                        POSITION,
                        answer.position().toString(),
                        SOURCE,
                        answer.source().text(),
                        REGION,
                        here.code()));
    }

    private static Response told(Answer<?> answer, Response response) {
        Duration stale = answer.stale();
        return stale == null ? response : response.with("Burgee-Stale", Long.toString(stale.toSeconds()));
    }

    private static Response notFound(FlagKey key, String why) {
        return Response.problem(new NotFoundException("flag " + key + " " + why));
    }

    private static FlagKey after(String text) {
        if (!FlagKey.isValid(text)) {
            throw new InvalidRequestException("after", FlagKey.problem(text));
        }
        return new FlagKey(text);
    }

    private static int limit(Request request, String text) {
        if (text.length() <= 6 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= LIMIT_MAX) {
                return limit;
            }
        }
        throw request.badQuery("limit", "must be a whole number from 1 to " + LIMIT_MAX);
    }
}
