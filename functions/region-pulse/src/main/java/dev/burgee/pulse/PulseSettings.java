package dev.burgee.pulse;

import dev.burgee.settings.CommonSettings;
import dev.burgee.settings.Environment;
import java.time.Duration;
import java.util.Optional;

/**
 * What the pulse is told by its environment. Immutable.
 *
 * @param replicationSecret who may use {@code ROLE} and {@code REPLICAOF}; empty: the topology's user
 * @param homeParameter the SSM parameter for the hint; empty: none is written
 * @param interval between two pulses, as the schedule has it
 */
record PulseSettings(
        CommonSettings common,
        Profile profile,
        Optional<String> replicationSecret,
        Optional<String> homeParameter,
        boolean autoPromote,
        Duration interval) {

    /**
     * Reads and checks.
     *
     * @throws dev.burgee.failure.MisconfiguredException naming everything that is wrong or missing
     */
    static PulseSettings from(Environment environment) {
        Profile profile = profile(environment);
        Optional<String> replicationSecret = environment.text("BURGEE_REPLICATION_SECRET");
        if (replicationSecret.isPresent() && profile == Profile.GLOBAL_DATASTORE) {
            environment.problem(
                    "BURGEE_REPLICATION_SECRET", "is set, but only the self-managed profile moves replication");
        }
        Optional<String> homeParameter = environment.text("BURGEE_HOME_PARAMETER");
        boolean autoPromote = environment.isTrue("BURGEE_AUTO_PROMOTE");
        Duration interval = environment.millis(
                "BURGEE_PULSE_MS", Duration.ofMinutes(1), Duration.ofMillis(100), Duration.ofHours(1));
        return new PulseSettings(
                CommonSettings.from(environment), profile, replicationSecret, homeParameter, autoPromote, interval);
    }

    private static Profile profile(Environment environment) {
        String text = environment.text("BURGEE_CACHE_PROFILE").orElse(Profile.GLOBAL_DATASTORE.text());
        for (Profile profile : Profile.values()) {
            if (profile.text().equals(text)) {
                return profile;
            }
        }
        environment.problem("BURGEE_CACHE_PROFILE", "must be global-datastore or self-managed");
        return Profile.GLOBAL_DATASTORE;
    }
}
