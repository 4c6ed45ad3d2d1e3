package dev.burgee.read;

import static dev.burgee.read.ReadWorld.HERE;
import static dev.burgee.read.ReadWorld.HOME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.auth.Principal;
import dev.burgee.auth.Scope;
import dev.burgee.health.Healths;
import dev.burgee.http.Request;
import dev.burgee.http.Response;
import dev.burgee.json.Json;
import dev.burgee.ledger.Position;
import dev.burgee.ledger.RegionView;
import dev.burgee.ledger.ViewFormat;
import dev.burgee.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HealthEndpointsTest {
    private static final Region SOUTH = new Region("ap-southeast-1");
    private static final Request REQUEST = new Request(
            "GET", "/api/health", Map.of(), Map.of(), Map.of(), null, new Principal("web", Scope.READ), "r-1");

    private final ReadWorld world = new ReadWorld();
    private final List<Runnable> background = new ArrayList<>();
    private HealthEndpoints endpoints = world.health(Runnable::run);

    private Map<?, ?> health() {
        Response response = endpoints.health(REQUEST);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers()).containsEntry("Burgee-Region", "eu-west-1");
        return (Map<?, ?>) value(Json.parse(String.valueOf(response.body())));
    }

    private static Object value(@Nullable Object value) {
        assertThat(value).isNotNull();
        return value == null ? "" : value;
    }

    private Map<?, ?> region(Region region) {
        return ((List<?>) value(health().get("regions")))
                .stream()
                        .map(each -> (Map<?, ?>) each)
                        .filter(each -> region.code().equals(each.get("region")))
                        .findFirst()
                        .orElseThrow();
    }

    private RegionView view(Region region, Instant at) {
        return new RegionView(region, at, HOME, 0, region.equals(HOME), Position.START, Healths.good(at));
    }

    private void leave(RegionView view) {
        world.ledger.leave(view, world.deadline());
    }

    private void leaveAll(Instant at) {
        List.of(HERE, HOME, SOUTH).forEach(region -> leave(view(region, at)));
    }

    @Test
    void listsAllRegionsWithTheAgeOfEachView() {
        leave(view(HERE, world.time.now()));
        leave(view(HOME, world.time.now().minusSeconds(40)));
        leave(view(SOUTH, world.time.now().minusSeconds(181)));

        Map<?, ?> health = health();

        assertThat(health.get("status")).isEqualTo("healthy");
        assertThat(health.get("reasons")).isEqualTo(List.of());
        assertThat(health.get("ready")).isEqualTo(true);
        assertThat(health.get("notReady")).isNull();
        assertThat(health.get("at")).isEqualTo("2026-11-21T05:00:00Z");
        assertThat((List<?>) health.get("regions")).hasSize(3);
        assertThat(region(HOME).get("ageMs")).isEqualTo(40_000);
        assertThat(region(HOME).get("role")).isEqualTo("primary");
        assertThat(region(HOME).get("status")).isEqualTo("healthy");
        assertThat(region(SOUTH).get("status")).isEqualTo("critical");
        assertThat(region(SOUTH).get("reasons")).isEqualTo(List.of("silent"));
        Map<?, ?> own = region(HERE);
        assertThat(String.valueOf(own.get("replicationLagMs"))).isEqualTo("12.25");
        assertThat(own.get("heartbeatAgeMs")).isEqualTo(40);
        assertThat(own.get("epoch")).isEqualTo(2);
        assertThat(own.get("role")).isEqualTo("replica");
        assertThat(own.get("checkedAt")).isEqualTo("2026-11-21T04:59:40Z");
    }

    @Test
    void aRegionWithACacheAndWithoutAViewIsSilent() {
        leave(view(HERE, world.time.now()));

        assertThat(region(HOME).get("reasons")).isEqualTo(List.of("silent"));
        assertThat(region(HOME).get("ageMs")).isNull();
        assertThat(region(HOME).get("tiers")).isNull();
    }

    @Test
    void showsTheCopyBesideTheFlagsWhileTheLedgerIsOutOfReach() {
        world.replica.monitor().feeds(world.replica, Duration.ZERO);
        world.ledger.down(true);
        world.replica.monitor().post(HOME, ViewFormat.write(view(HOME, world.time.now())));

        assertThat(region(HOME).get("ageMs")).isEqualTo(0);
    }

    @Test
    void showsTheNewestWhereverItComesFrom() {
        Instant now = world.time.now();
        world.replica.monitor().post(HOME, ViewFormat.write(view(HOME, now.minusSeconds(9))));
        leave(view(HOME, now.minusSeconds(5)));
        world.replica.monitor().post(SOUTH, "not a view");
        world.replica.monitor().post(HERE, ViewFormat.write(view(HERE, now.minusSeconds(1))));
        leave(view(HERE, now.minusSeconds(7)));

        assertThat(region(HOME).get("ageMs")).isEqualTo(5_000);
        assertThat(region(HERE).get("ageMs")).isEqualTo(1_000);
    }

    @Test
    void answersFromWhatIsAtHandWhileTheFetchHangs() {
        leaveAll(world.time.now());
        endpoints = world.health(background::add);

        assertThat(region(HERE).get("reasons")).isEqualTo(List.of("silent"));
        assertThat(health().get("status")).isEqualTo("critical");
        assertThat(background).as("one fetch at a time from each place").hasSize(2);

        background.forEach(Runnable::run);
        assertThat(region(HERE).get("status")).isEqualTo("healthy");
        assertThat(background).as("nor too soon after the last").hasSize(2);

        world.pass(Duration.ofSeconds(2));
        health();
        assertThat(background)
                .as("the cache is asked more often than the ledger")
                .hasSize(3);
    }

    @Test
    void whatThisProcessSeesCountsMoreThanAnOldView() {
        leaveAll(world.time.now());
        world.replica.down(true);
        for (int i = 0; i < 3; i++) {
            world.pass(Duration.ofSeconds(1));
            world.read("a");
        }

        Map<?, ?> health = health();
        assertThat(health.get("status")).isEqualTo("degraded");
        assertThat(health.get("reasons")).isEqualTo(List.of("cache-down"));
        assertThat(health.get("ready")).as("others are better off").isEqualTo(false);
        assertThat(health.get("notReady"))
                .isEqualTo("this region's cache does not answer, and that of ap-southeast-1 is warm");
    }

    @Test
    void isReadyWhileAnythingCanAnswerAndLiveEvenIfNothingCan() {
        assertThat(endpoints.ready(REQUEST).status()).isEqualTo(200);
        world.replica.down(true);
        world.pass(Duration.ofSeconds(11));
        assertThat(endpoints.ready(REQUEST).status()).as("the ledger answers").isEqualTo(200);

        world.ledger.down(true);
        world.pass(Duration.ofSeconds(11));
        Response response = endpoints.ready(REQUEST);
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.headers()).containsEntry("Retry-After", "1");
        assertThat(String.valueOf(response.body()))
                .as("without a key it says only yes or no")
                .doesNotContain("ledger", "us-east-1");
        assertThat(health().get("notReady"))
                .isEqualTo("this region's cache does not answer, and the ledger did not answer lately");
        assertThat(endpoints.live(REQUEST).status()).isEqualTo(200);

        world.ledger.down(false);
        world.pass(Duration.ofSeconds(2));
        assertThat(endpoints.ready(REQUEST).status())
                .as("asked again soon after a failure")
                .isEqualTo(200);
    }

    @Test
    void isReadyAgainWhenItsCacheHasFollowed() {
        leaveAll(world.time.now());
        world.replica.flush();
        assertThat(endpoints.ready(REQUEST).status()).isEqualTo(503);

        world.replicate();
        world.pass(Duration.ofSeconds(1));
        assertThat(endpoints.ready(REQUEST).status()).isEqualTo(200);
    }
}
