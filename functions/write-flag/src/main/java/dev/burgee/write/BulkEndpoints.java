package dev.burgee.write;

import dev.burgee.failure.InvalidRequestException;
import dev.burgee.failure.TooLargeException;
import dev.burgee.failure.UnavailableException;
import dev.burgee.failure.Violation;
import dev.burgee.flag.Flag;
import dev.burgee.flag.FlagDefinition;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagRules;
import dev.burgee.flag.FlagState;
import dev.burgee.http.Request;
import dev.burgee.http.Response;
import dev.burgee.json.Json;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.LedgerState;
import dev.burgee.ledger.LedgerUnavailableException;
import dev.burgee.log.Log;
import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Import and export of flagd files. */
final class BulkEndpoints {
    /** An export ends here at the latest, and says where to go on; Lambda's answers end at 6 MB, escapes included. */
    private static final int EXPORT_CHARS_MAX = 4_000_000;

    private static final List<String> FILE_MEMBERS = List.of("flags", "$schema");

    private final WriteFlag writeFlag;
    private final Ledger ledger;
    private final Answers answers;
    private final Region here;
    private final Limits limits;
    private final Log log;
    private final Time time;

    BulkEndpoints(WriteFlag writeFlag, Ledger ledger, Answers answers, Region here, Limits limits, Log log, Time time) {
        this.writeFlag = writeFlag;
        this.ledger = ledger;
        this.answers = answers;
        this.here = here;
        this.limits = limits;
        this.log = log;
        this.time = time;
    }

    Response importFile(Request request) {
        Input.noPrecondition(request);
        boolean replace = Input.word(request, "mode", List.of("merge", "replace"), "merge")
                .equals("replace");
        boolean dryRun =
                Input.word(request, "dryRun", List.of("true", "false"), "false").equals("true");
        Command.Import command = new Command.Import(definitions(Input.body(request)), replace);
        if (dryRun) {
            Decision.Accept preview = writeFlag.preview(command);
            return answers.imported(
                    preview.changes(), unchanged(command, preview.changes().size(), preview), null);
        }
        Accepted accepted = writeFlag.write(Input.write(request, command));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("changes", accepted.entry().changes().size());
        fields.put("version", accepted.entry().number());
        fields.put("actor", accepted.entry().actor());
        fields.put("write_region", accepted.propagation().writeRegion().code());
        fields.put("request_region", accepted.entry().requestRegion().code());
        fields.put("delayed", accepted.propagation().delayed());
        log.info("flags_imported", fields);
        var changes = accepted.entry().changes();
        return answers.imported(
                changes,
                unchanged(
                        command,
                        changes.size(),
                        new Decision.Accept(accepted.entry().kind(), changes)),
                accepted);
    }

    Response export(Request request) {
        FlagKey after = request.query("after").map(BulkEndpoints::key).orElse(null);
        try {
            LedgerState state = ledger.readAll(Deadline.after(limits.wholeWrite(), time));
            StringBuilder body = new StringBuilder("{\"flags\":{");
            FlagKey last = null;
            FlagKey next = null;
            for (var flag : state.flags().entrySet()) {
                if (!(flag.getValue() instanceof FlagState.Live live)
                        || (after != null && flag.getKey().compareTo(after) <= 0)) {
                    continue;
                }
                if (body.length() > EXPORT_CHARS_MAX) {
                    next = last;
                    break;
                }
                body.append(last == null ? "" : ",")
                        .append(Json.write(flag.getKey().value()))
                        .append(':')
                        .append(Json.write(
                                Flag.definitionOf(flag.getKey(), live.json()).tree()));
                last = flag.getKey();
            }
            Response response = Response.json(200, body.append("}}").toString())
                    .with("Burgee-Position", state.position().toString())
                    .with("Burgee-Source", "database")
                    .with("Burgee-Region", here.code());
            return next == null ? response : response.with("Burgee-Next", next.value());
        } catch (LedgerUnavailableException e) {
            throw new UnavailableException("no region of the ledger answered in time", Duration.ofSeconds(2), e);
        }
    }

    /** How many of the named flags stay as they are. */
    private static int unchanged(Command.Import command, int changes, Decision.Accept decided) {
        long deleted = decided.changes().stream()
                .filter(change -> change.after() instanceof FlagState.Deleted)
                .count();
        return command.definitions().size() - (int) (changes - deleted);
    }

    private static FlagKey key(String text) {
        if (!FlagKey.isValid(text)) {
            throw new InvalidRequestException("after", FlagKey.problem(text));
        }
        return new FlagKey(text);
    }

    private static SortedMap<FlagKey, FlagDefinition> definitions(@Nullable Object tree) {
        if (!(tree instanceof Map<?, ?> file) || !(file.get("flags") instanceof Map<?, ?> flags)) {
            throw new InvalidRequestException("/flags", "must be an object of flags, as in a flagd file");
        }
        List<Violation> violations = new ArrayList<>();
        for (Object member : file.keySet()) {
            if (!FILE_MEMBERS.contains(String.valueOf(member))) {
                violations.add(
                        new Violation(
                                "/" + FlagRules.escaped(String.valueOf(member)),
                                "is not supported; a file may have flags and $schema, with evaluators written out in each rule"));
            }
        }
        SortedMap<FlagKey, FlagDefinition> definitions = new TreeMap<>();
        flags.forEach((name, document) -> {
            String key = String.valueOf(name);
            String at = "/flags/" + FlagRules.escaped(key);
            if (!FlagKey.isValid(key)) {
                violations.add(new Violation(at, FlagKey.problem(key)));
                return;
            }
            FlagKey flagKey = new FlagKey(key);
            switch (FlagRules.check(flagKey, document, at)) {
                case FlagRules.Valid valid -> definitions.put(flagKey, valid.definition());
                case FlagRules.Invalid invalid
                when invalid.tooLarge() ->
                    throw new TooLargeException("flag " + key + " "
                            + invalid.violations().getFirst().message());
                case FlagRules.Invalid invalid -> violations.addAll(invalid.violations());
            }
        });
        if (!violations.isEmpty()) {
            throw InvalidRequestException.ofRules("the file breaks", violations);
        }
        return definitions;
    }
}
