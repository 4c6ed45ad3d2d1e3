package dev.burgee.foundation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.log.RecordingLog;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.RecordingMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.junit.jupiter.api.Test;

class RestoreTest {
    private static final Context<Resource> CONTEXT = Core.getGlobalContext();

    private final List<String> steps = Collections.synchronizedList(new ArrayList<>());
    private final RecordingMetrics metrics = new RecordingMetrics();
    private final RecordingLog log = new RecordingLog();

    private Restore restore(Restore.Play rehearse, Restore.Play connect) {
        return Restore.hook(new Restore.Hooks(rehearse, () -> steps.add("forget"), connect), metrics, log);
    }

    private Restore.Play step(String name) {
        return () -> steps.add(name);
    }

    @Test
    void rehearsesAndThenForgetsBeforeASnapshot() {
        restore(step("rehearse"), step("connect")).beforeCheckpoint(CONTEXT);

        assertThat(steps).containsExactly("rehearse", "forget");
        assertThat(metrics.samples()).as("no metric before the snapshot").isEmpty();
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void forgetsAndThenConnectsAfterARestoreAndCountsIt() {
        restore(step("rehearse"), step("connect")).afterRestore(CONTEXT);

        assertThat(steps).containsExactly("forget", "connect");
        assertThat(metrics.sum(Metric.RESTORE)).isEqualTo(1);
    }

    @Test
    void whatFailsIsToldAndFailsNothing() {
        Restore restore = restore(
                () -> {
                    throw new IllegalStateException("password=hunter2");
                },
                () -> {
                    throw new NoClassDefFoundError("some");
                });

        restore.beforeCheckpoint(CONTEXT);
        restore.afterRestore(CONTEXT);

        assertThat(steps).containsExactly("forget", "forget");
        assertThat(log.lines().stream().map(line -> line.fields().toString()))
                .allSatisfy(fields -> assertThat(fields).doesNotContain("hunter2"))
                .satisfiesExactly(
                        fields -> assertThat(fields).contains("rehearsal").contains("IllegalStateException"),
                        fields -> assertThat(fields).contains("connect").contains("NoClassDefFoundError"));
    }

    @Test
    void aRestoreDoesNotWaitForSecretsThatDoNotCome() throws InterruptedException {
        var never = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        long start = System.nanoTime();

        restore(step("rehearse"), () -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                })
                .afterRestore(CONTEXT);

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Restore.CONNECT_MAX, Restore.CONNECT_MAX.plusSeconds(5));
        assertThat(Restore.CONNECT_MAX).isLessThan(Duration.ofSeconds(1));
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(log.lines())
                .anySatisfy(line -> assertThat(line.fields().toString()).contains("took longer than"));
    }
}
