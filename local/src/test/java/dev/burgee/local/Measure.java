package dev.burgee.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** Measures the local world and writes what it finds to a page: {@code scripts/measure}. */
final class Measure {
    private static final int FLAGS = 10_000;

    private Measure() {}

    /** The page's path, and perhaps {@code --quick}; {@code --tokens}: only what concerns tokens and invalidations. */
    public static void main(String[] arguments) throws IOException {
        List<String> given = List.of(arguments);
        boolean quick = given.contains("--quick");
        boolean tokens = given.contains("--tokens");
        Path path = Path.of(given.getFirst());
        var page = new Page();
        page.heading(tokens ? "Tokens and invalidations" : "Measurements");
        page.text("Made by `scripts/measure" + (tokens ? " --tokens" : "") + (quick ? " --quick" : "") + "` on "
                + LocalDate.now(ZoneOffset.UTC) + ": "
                + Machine.describe()
                + ". Everything runs on this one machine: three regions' functions, three Redis 7.0 servers,"
                + " DynamoDB Local, the proxies that make the distances, and the callers. One-way distances: us-east-1 to"
                + " eu-west-1 40 ms, to ap-southeast-1 110 ms, eu-west-1 to ap-southeast-1 85 ms.");
        try (var world = World.start(WorldOptions.ofThreeRegions(Functions.shipped()));
                var truth = new Truth(world)) {
            truth.healAndConverge();
            if (tokens) {
                new MeasureInvalidation(world, truth, page, quick ? 40 : 200).run();
                new MeasureTokens(world, page, quick ? 2_000 : 20_000).run();
            } else {
                measureAll(world, truth, page, quick);
            }
        }
        Files.writeString(path, page.toString());
        System.out.println("written to " + path);
        // threads of the clients do not keep it
        System.exit(0);
    }

    private static void measureAll(World world, Truth truth, Page page, boolean quick) {
        new MeasureVisibility(world, truth, page, quick ? 40 : 500).run();
        new MeasureWrites(world, truth, page, quick ? 40 : 200).run();
        new MeasureReads(world, truth, page, quick ? 60 : 300).run();
        new MeasureManyFlags(world, truth, page, quick ? FLAGS / 10 : FLAGS).run();
    }
}
