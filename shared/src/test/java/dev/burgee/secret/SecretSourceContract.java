package dev.burgee.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What holds for every source of secrets. */
abstract class SecretSourceContract {
    abstract SecretSource source();

    abstract void put(String id, String text);

    @Test
    void givesThePresentText() {
        put("burgee/contract", "{\"a\":\"ü\"}");
        assertThat(source().fetch("burgee/contract")).isEqualTo("{\"a\":\"ü\"}");

        put("burgee/contract", "second");
        assertThat(source().fetch("burgee/contract")).isEqualTo("second");
    }

    @Test
    void saysThatASecretIsMissing() {
        assertThatThrownBy(() -> source().fetch("burgee/none"))
                .isInstanceOf(SecretUnavailableException.class)
                .hasMessageContaining("burgee/none");
    }
}
