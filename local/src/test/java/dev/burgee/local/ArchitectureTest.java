package dev.burgee.local;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rules of the house that a compiler does not know: rings, cycles, banned calls, null marking. */
class ArchitectureTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // in a build of all modules, and in one of this module alone
            .withImportOption(location -> !location.contains("-tests.jar") && !location.contains("test-classes"))
            .importPackages("dev.burgee");

    /** What ships in a function. */
    private static final JavaClasses SHIPPED = ALL.that(not(resideInAPackage("dev.burgee.local..")));

    @Test
    void seesTheWholeTree() {
        assertThat(SHIPPED.size()).isGreaterThan(150);
        assertThat(ALL.containPackage("dev.burgee.read")).isTrue();
        assertThat(ALL.containPackage("dev.burgee.write")).isTrue();
    }

    @Test
    void keepsDecisionsFreeOfInputAndOutput() {
        check(noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.burgee.flag..",
                        "dev.burgee.json..",
                        "dev.burgee.region..",
                        "dev.burgee.failure..",
                        "dev.burgee.time..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "redis.clients..",
                        "software.amazon..",
                        "com.amazonaws..",
                        "java.net..",
                        "java.nio.channels.."));
    }

    @Test
    void keepsEachLibraryBehindItsPort() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.burgee.cache..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("redis.clients.."));
        check(noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.burgee.aws..",
                        "dev.burgee.failover..",
                        "dev.burgee.hint..",
                        "dev.burgee.ledger..",
                        "dev.burgee.secret..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon.."));
    }

    @Test
    void keepsLambdaTypesAtTheEdge() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.burgee.http..",
                        "dev.burgee.read..",
                        "dev.burgee.write..",
                        "dev.burgee.pulse..",
                        "dev.burgee.failover..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.amazonaws.."));
        check(noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.burgee.read..", "dev.burgee.write..", "dev.burgee.pulse..", "dev.burgee.failover..")
                .and(not(simpleNameEndingWith("Handler")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.amazonaws.."));
    }

    @Test
    void hasNoCyclesBetweenPackages() {
        check(slices().matching("dev.burgee.(*)..").should().beFreeOfCycles());
    }

    @Test
    void readsClocksEnvironmentAndRandomnessInTheWiringAlone() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.burgee.time.SystemTime")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", Duration.class)
                .because("Time is an argument"));
        check(noClasses()
                .that(not(simpleNameEndingWith("Handler")))
                .should()
                .callMethod(System.class, "getenv")
                .because("the handler's constructor passes the environment on"));
        check(noClasses()
                .that(not(simpleNameEndingWith("Wiring")))
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .because("RandomGenerator comes in as an argument"));
    }

    @Test
    void marksEveryPackageForNullChecks() {
        check(classes().should(new ArchCondition<JavaClass>("be in a @NullMarked package with a package-info") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(type, marked, type.getName() + " is not null-marked"));
            }
        }));
    }

    @Test
    void namesPackagesByWhatTheyAre() {
        check(noClasses().should().resideInAnyPackage("..util..", "..utils..", "..common..", "..impl..", "..model.."));
    }

    private static void check(ArchRule rule) {
        rule.check(SHIPPED);
    }
}
