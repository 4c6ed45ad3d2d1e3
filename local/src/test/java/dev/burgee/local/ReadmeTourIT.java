package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.region.Region;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The README's tour, pasted block by block into a shell, but for the ports. */
@Timeout(90)
final class ReadmeTourIT {
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @Test
    void worksAsPasted() throws Exception {
        try (World world = World.start(WorldOptions.ofThreeRegions(Functions.shipped()))) {
            List<String> answers = new ArrayList<>();
            for (String block : blocks()) {
                answers.add(run(moved(block, world)));
            }

            assertThat(answers).hasSize(6);
            assertThat(answers.get(0)).contains("201 Created", "\"status\":\"propagating\"", "200 OK");
            assertThat(answers.get(1))
                    .containsIgnoringCase("burgee-position: 2")
                    .contains("\"defaultVariant\":\"on\"");
            assertThat(answers.get(2)).contains("412 Precondition Failed", "is at version 2");
            assertThat(answers.get(3))
                    .containsIgnoringCase("burgee-source: primary")
                    .containsIgnoringCase("burgee-source: database");
            assertThat(answers.get(4))
                    .contains("\"status\":\"delayed\"", "\"owner\":\"payments\"", "\"status\":\"propagating\"")
                    .contains("\"primary\":\"us-east-1\"");
            assertThat(answers.get(5)).contains("\"versions\":[", "\"version\":5");
        }
    }

    private static List<String> blocks() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        String tour = readme.substring(readme.indexOf("## Five minutes"), readme.indexOf("## In AWS"));
        List<String> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(tour);
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    /** The same commands against a world at other ports. */
    private static String moved(String block, World world) {
        String moved = block.replace("localhost:8100", world.control().getAuthority());
        int i = 1;
        for (Region region : world.geography().regions()) {
            moved = moved.replace("localhost:810" + i++, world.baseUri(region).getAuthority());
        }
        return moved;
    }

    private static String run(String commands) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("bash", "-e", "-o", "pipefail", "-c", commands)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(shell.exitValue()).as("%s%n%s", commands, output).isZero();
        return output;
    }
}
