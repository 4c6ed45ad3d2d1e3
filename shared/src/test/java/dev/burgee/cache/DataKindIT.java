package dev.burgee.cache;

import static dev.burgee.cache.LedgerLog.EPOCH;
import static dev.burgee.cache.LedgerLog.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.ledger.LedgerState;
import dev.burgee.region.Region;
import dev.burgee.servers.RedisNode;
import dev.burgee.time.SystemTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** What is in a server after everything was done to its cache: the closed set of kinds, each as its policy says. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DataKindIT {
    private static final Region EU = new Region("eu-west-1");

    @Test
    void aServerHoldsNothingButTheKindsAndEachForItsTime() {
        try (var node = new RedisNode("kinds", 0, "burgee", "secret")) {
            node.start();
            try (var bench = new CacheBench(node)) {
                useEverything(bench);

                List<String> keys = strings(bench, Command.KEYS, "*");
                assertThat(keys.stream().map(DataKindIT::pattern).collect(Collectors.toSet()))
                        .isEqualTo(Arrays.stream(DataKind.values())
                                .map(DataKind::key)
                                .collect(Collectors.toSet()));
                for (String key : keys) {
                    DataKind kind = Arrays.stream(DataKind.values())
                            .filter(each -> each.key().equals(pattern(key)))
                            .findFirst()
                            .orElseThrow();
                    long leftMs = (Long) answer(bench, Command.PTTL, key);
                    if (kind.keptFor().isEmpty()) {
                        assertThat(leftMs).as(key).isEqualTo(-1);
                    } else {
                        assertThat(Duration.ofMillis(leftMs))
                                .as(key)
                                .isPositive()
                                .isLessThanOrEqualTo(kind.keptFor().get());
                    }
                }
                Set<String> fields = strings(bench, Command.HKEYS, "burgee:flags").stream()
                        .map(field -> field.startsWith("f:") ? "f:<flag>" : field)
                        .collect(Collectors.toCollection(TreeSet::new));
                assertThat(fields).containsExactly("#checked", "#home", "#position", "f:<flag>");
            }
        }
    }

    /** A load left half done, changes, a deletion, an invalidation, a promotion, a heartbeat, a view, a claim. */
    private static void useEverything(CacheBench bench) {
        var ledger = new LedgerLog();
        RedisFlagCache cache = bench.redisCache();
        cache.load(ledger.state(), EPOCH, EU);
        cache.apply(List.of(ledger.put("a"), ledger.put("b"), ledger.invalidate("a"), ledger.delete("b")), EPOCH);
        LedgerState state = ledger.state();
        cache.stage(state, EPOCH, EU);
        cache.monitor().beat(EU, EPOCH, new SystemTime());
        cache.monitor().post(EU, "{}");
        assertThat(cache.monitor().claimLoad(Duration.ofDays(1))).isTrue();
        assertThat(cache.read(key("a")).flag()).isInstanceOf(CachedFlag.Marker.class);
    }

    /** The key as the policies name it. */
    private static String pattern(String key) {
        return key.replaceFirst("^(burgee:load:).*", "$1<name>")
                .replaceFirst("^(burgee:(?:heartbeat|view):).*", "$1<region>");
    }

    private static Object answer(CacheBench bench, Command command, String argument) {
        return bench.redis().executeCommand(new CommandArguments(command).add(argument));
    }

    private static List<String> strings(CacheBench bench, Command command, String argument) {
        List<String> strings = new ArrayList<>();
        if (answer(bench, command, argument) instanceof List<?> list) {
            list.forEach(each -> strings.add(
                    each instanceof byte[] bytes
                            ? new String(bytes, StandardCharsets.US_ASCII)
                            : String.valueOf(each)));
        }
        return strings;
    }
}
