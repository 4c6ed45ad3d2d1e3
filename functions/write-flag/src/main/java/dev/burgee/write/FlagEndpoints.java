package dev.burgee.write;

import dev.burgee.failure.InvalidRequestException;
import dev.burgee.failure.TooLargeException;
import dev.burgee.flag.FlagDefinition;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagRules;
import dev.burgee.http.Request;
import dev.burgee.http.Response;
import dev.burgee.log.Log;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The routes that change one flag. */
final class FlagEndpoints {
    private final WriteFlag writeFlag;
    private final Answers answers;
    private final Log log;

    FlagEndpoints(WriteFlag writeFlag, Answers answers, Log log) {
        this.writeFlag = writeFlag;
        this.answers = answers;
        this.log = log;
    }

    Response put(Request request) {
        FlagDefinition definition = checked(request.flagKey(), Input.body(request));
        Accepted accepted = write(request, new Command.Put(request.flagKey(), definition));
        boolean created = accepted.entry().changes().getFirst().created();
        Response response = answers.written(accepted, created ? 201 : 200, "Flag updated");
        return created ? response.with("Location", "/api/config/flags/" + request.flagKey()) : response;
    }

    Response patch(Request request) {
        Command.Patch patch = new Command.Patch(request.flagKey(), Input.object(request));
        return answers.written(write(request, patch), 200, "Flag updated");
    }

    Response delete(Request request) {
        return answers.written(write(request, new Command.Delete(request.flagKey())), 200, "Flag deleted");
    }

    Response invalidate(Request request) {
        Accepted accepted = write(request, new Command.Invalidate(request.flagKey()));
        return answers.written(accepted, 200, "Cached copies dropped");
    }

    Response revert(Request request) {
        Map<String, @Nullable Object> body = Input.object(request);
        Object to = body.get("to");
        if (!body.keySet().equals(Set.of("to"))
                || !(to instanceof Integer || to instanceof Long)
                || ((Number) to).longValue() < 1) {
            throw new InvalidRequestException(
                    "/to", "must be a version of the flag, a whole number from 1, and the only member");
        }
        FlagDefinition content = writeFlag.contentOf(request.flagKey(), ((Number) to).longValue());
        Accepted accepted = write(request, new Command.Revert(request.flagKey(), content));
        return answers.written(accepted, 200, "Flag updated");
    }

    private Accepted write(Request request, Command.OnOneFlag command) {
        Accepted accepted = writeFlag.write(Input.write(request, command));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", accepted.entry().kind().text());
        fields.put("flag", command.key().value());
        fields.put("version", accepted.entry().number());
        fields.put("actor", accepted.entry().actor());
        fields.put("write_region", accepted.propagation().writeRegion().code());
        fields.put("request_region", accepted.entry().requestRegion().code());
        fields.put("delayed", accepted.propagation().delayed());
        log.info(command instanceof Command.Invalidate ? "cache_invalidated" : "flag_written", fields);
        return accepted;
    }

    private static FlagDefinition checked(FlagKey key, @Nullable Object document) {
        return switch (FlagRules.check(key, document, "")) {
            case FlagRules.Valid valid -> valid.definition();
            case FlagRules.Invalid invalid
            when invalid.tooLarge() ->
                throw new TooLargeException(
                        "the flag " + invalid.violations().getFirst().message());
            case FlagRules.Invalid invalid ->
                throw InvalidRequestException.ofRules("the flag breaks", invalid.violations());
        };
    }
}
