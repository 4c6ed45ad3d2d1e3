package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.failure.FailureKind;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagRules;
import dev.burgee.http.Route;
import dev.burgee.json.Json;
import dev.burgee.read.ReadFlagHandler;
import dev.burgee.region.Region;
import dev.burgee.write.WriteFlagHandler;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of {@code docs/openapi.yaml} can be checked without a call; the rest is checked on every answer in the ITs. */
final class OpenApiTest {
    private final ApiDocument document = ApiDocument.read();

    @Test
    void describesTheRoutesOfTheCodeWithTheirScopesAndNoOthers() {
        Map<String, String> environment = FunctionEnvironment.variables(
                new Region("us-east-1"), "any", URI.create("http://127.0.0.1:1"), Map.of());
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        List<Route> routes = Stream.concat(
                        new ReadFlagHandler(environment, nowhere).routes().stream(),
                        new WriteFlagHandler(environment, nowhere).routes().stream())
                .toList();

        assertThat(routes).hasSizeGreaterThan(10);
        assertThat(document.operations())
                .extracting(ApiDocument.Operation::signature)
                .containsExactlyInAnyOrderElementsOf(routes.stream()
                        .map(route -> route.method() + " " + route.template() + " "
                                + route.scope().text())
                        .toList());
    }

    @Test
    void namesTheKindsOfTheCode() {
        assertThat(ApiDocument.map(document.at("#/components/schemas/Kind")).get("enum"))
                .isEqualTo(Stream.of(FailureKind.values())
                        .map(FailureKind::kind)
                        .distinct()
                        .toList());
    }

    @Test
    void refersOnlyToWhatIsThereAndLeavesNothingUnused() {
        List<String> referred = new ArrayList<>();
        document.walk((at, node) -> {
            if (node.get("$ref") instanceof String reference) {
                referred.add(reference);
            }
        });
        List<String> components = new ArrayList<>();
        for (String group : List.of("parameters", "headers", "responses", "examples", "schemas")) {
            String at = "#/components/" + group;
            ApiDocument.map(document.at(at)).keySet().forEach(name -> components.add(at + "/" + name));
        }

        assertThat(referred).allSatisfy(document::at);
        // these two are answered outside of the routes
        components.removeAll(List.of("#/components/responses/Preflight", "#/components/responses/MethodNotAllowed"));
        assertThat(referred).containsAll(components);
    }

    @Test
    void saysOfEachOperationWhatAClientAuthorNeeds() {
        assertThat(document.operations()).allSatisfy(operation -> {
            Map<?, ?> node = operation.node();
            assertThat(String.valueOf(node.get("summary"))).hasSizeGreaterThan(5);
            assertThat(String.valueOf(node.get("description"))).hasSizeGreaterThan(20);
            assertThat((List<?>) node.get("tags")).hasSize(1);
            assertThat(operation.responses()).isNotEmpty();
            operation
                    .responses()
                    .values()
                    .forEach(response -> assertThat(
                                    String.valueOf(document.resolved(response).get("description")))
                            .hasSizeGreaterThan(3));
        });
        assertThat(document.operations())
                .extracting(operation -> String.valueOf(operation.node().get("operationId")))
                .doesNotHaveDuplicates()
                .doesNotContain("null");
    }

    @Test
    void examplesKeepTheirSchemas() {
        List<String> checked = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        document.walk((at, node) -> {
            Object schema = node.get("schema");
            if (!(schema instanceof Map<?, ?>)) {
                return;
            }
            if (node.containsKey("example")) {
                checked.add(at);
                problems.addAll(document.invalid(at, schema, node.get("example")));
            }
            ApiDocument.map(node.get("examples")).values().forEach(example -> {
                checked.add(at);
                problems.addAll(
                        document.invalid(at, schema, document.resolved(example).get("value")));
            });
        });

        assertThat(checked).hasSizeGreaterThan(25);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'state':'ENABLED','variants':{'a':1}}",
                "{'state':'DISABLED','variants':{'a':'x','b':'y'},'defaultVariant':null,'key':'k'}",
                "{'state':'ENABLED','variants':{'a':{}},'version':3,'updatedAt':'x','updatedBy':7}",
                "{'state':'ENABLED','variants':{'a':true},'targeting':{'if':[]},'metadata':{'a':1.5}}",
                "{'state':'on','variants':{'a':1}}",
                "{'variants':{'a':1}}",
                "{'state':'ENABLED'}",
                "{'state':'ENABLED','variants':{}}",
                "{'state':'ENABLED','variants':{'':1}}",
                "{'state':'ENABLED','variants':{'a':1,'b':'x'}}",
                "{'state':'ENABLED','variants':{'a':null}}",
                "{'state':'ENABLED','variants':{'a':[]}}",
                "{'state':'ENABLED','variants':{'a':1},'defaultVariant':1}",
                "{'state':'ENABLED','variants':{'a':1},'targeting':null}",
                "{'state':'ENABLED','variants':{'a':1},'targeting':[]}",
                "{'state':'ENABLED','variants':{'a':1},'metadata':{'a':null}}",
                "{'state':'ENABLED','variants':{'a':1},'metadata':{'a':{}}}",
                "{'state':'ENABLED','variants':{'a':1},'more':1}",
                "{'key':'a b','state':'ENABLED','variants':{'a':1}}",
                "[]",
                "null",
                "'x'"
            })
    void itsSchemaOfFlagsTakesWhatTheRulesOfTheCodeTake(String flag) {
        Object tree = Json.parse(flag.replace('\'', '"'));

        assertThat(document.invalid("", document.at("#/components/schemas/FlagDefinition"), tree)
                        .isEmpty())
                .isEqualTo(FlagRules.check(new FlagKey("k"), tree, "") instanceof FlagRules.Valid);
    }
}
