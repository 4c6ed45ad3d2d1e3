package dev.burgee.secret;

class FakeSecretSourceTest extends SecretSourceContract {
    private final FakeSecretSource source = new FakeSecretSource();

    @Override
    SecretSource source() {
        return source;
    }

    @Override
    void put(String id, String text) {
        source.put(id, text);
    }
}
