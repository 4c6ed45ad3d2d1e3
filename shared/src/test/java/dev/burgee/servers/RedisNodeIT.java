package dev.burgee.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.exceptions.JedisException;

final class RedisNodeIT {
    private final RedisNode home = new RedisNode("home", 0, "burgee", "secret");
    private final RedisNode other = new RedisNode("other", 0, "burgee", "secret");

    @AfterEach
    void close() {
        other.close();
        home.close();
    }

    @Test
    void followsAnotherUntilItIsMadeWritable() {
        home.start();
        other.start();

        other.replicaOf("127.0.0.1", home.port());

        await(() -> "up".equals(other.roleInfo().get("master_link_status")));
        assertThat(other.roleInfo()).containsEntry("role", "slave");
        other.replicaOfNoOne();
        assertThat(other.roleInfo()).containsEntry("role", "master");
    }

    @Test
    void findsAReturningMasterWithinAboutASecond() {
        home.start();
        other.start();
        other.replicaOf("127.0.0.1", home.port());
        await(() -> "up".equals(other.roleInfo().get("master_link_status")));

        home.stop();
        await(() -> "down".equals(other.roleInfo().get("master_link_status")));
        home.start();

        await(() -> "up".equals(other.roleInfo().get("master_link_status")));
    }

    @Test
    void comesBackEmptyAtTheSamePort() {
        home.start();
        String first = home.info().get("run_id");

        home.stop();
        assertThat(home.isRunning()).isFalse();
        home.start();

        assertThat(home.info().get("run_id")).isNotNull().isNotEqualTo(first);
        assertThat(home.info()).containsEntry("tcp_port", Integer.toString(home.port()));
    }

    @Test
    void answersAgainAfterAStall() {
        home.start();

        home.stall();
        assertThat(home.isStalled()).isTrue();
        home.resume();

        assertThat(home.isStalled()).isFalse();
        assertThat(home.info()).containsKey("redis_version");
    }

    @Test
    void canBeStoppedWhileItIsStalled() {
        home.start();
        home.stall();

        home.stop();

        assertThat(home.isRunning()).isFalse();
        assertThat(home.isStalled()).isFalse();
        assertThatThrownBy(home::info).isInstanceOf(JedisException.class);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("5 s have passed").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
