package dev.burgee.servers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

final class DynamoNodeIT {
    @Test
    void servesATableThatCanBeUsedAtOnce() {
        try (var node = DynamoNode.start();
                var client = node.client()) {
            node.createTable("ledger-a");

            assertThat(client.describeTable(request -> request.tableName("ledger-a"))
                            .table()
                            .tableStatus())
                    .isEqualTo(TableStatus.ACTIVE);
        }
    }

    @Test
    void twoServersShareNothing() {
        try (var one = DynamoNode.start();
                var other = DynamoNode.start();
                var client = other.client()) {
            one.createTable("ledger-a");

            assertThat(client.listTables().tableNames()).isEmpty();
        }
    }
}
