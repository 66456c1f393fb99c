package io.capsdb.bench;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/// The rules of the house, held against the compiled classes of every module.
@AnalyzeClasses(
    packages = "io.capsdb",
    importOptions = {
      ImportOption.DoNotIncludeTests.class,
      HouseRulesTest.WrittenForProduction.class
    })
class HouseRulesTest {
  private static final String[] CORE = {
    "io.capsdb.vector..",
    "io.capsdb.filter..",
    "io.capsdb.attribute..",
    "io.capsdb.index..",
    "io.capsdb.io..",
    "io.capsdb.point.."
  };

  /// Neither the jar of test data that modules share, nor the code that JMH generates.
  static final class WrittenForProduction implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar") && !location.contains("/jmh_generated/");
    }
  }

  @ArchTest
  static final ArchRule dependenciesPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("core")
          .definedBy(CORE)
          .layer("index-caps")
          .definedBy("io.capsdb.caps..")
          .layer("index-graph-baseline")
          .definedBy("io.capsdb.graph..")
          .layer("storage")
          .definedBy("io.capsdb.storage..")
          .layer("formats")
          .definedBy("io.capsdb.formats..")
          .layer("engine")
          .definedBy("io.capsdb")
          .layer("server")
          .definedBy("io.capsdb.server..")
          .layer("embeddings")
          .definedBy("io.capsdb.embeddings..")
          .layer("bench")
          .definedBy("io.capsdb.bench..")
          .whereLayer("index-caps")
          .mayOnlyBeAccessedByLayers("engine", "embeddings", "bench")
          .whereLayer("index-graph-baseline")
          .mayOnlyBeAccessedByLayers("server", "bench")
          .whereLayer("storage")
          .mayOnlyBeAccessedByLayers("engine", "bench")
          .whereLayer("formats")
          .mayOnlyBeAccessedByLayers("engine", "server", "embeddings", "bench")
          .whereLayer("engine")
          .mayOnlyBeAccessedByLayers("server", "embeddings", "bench")
          .whereLayer("server")
          .mayOnlyBeAccessedByLayers("embeddings", "bench")
          .whereLayer("embeddings")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("bench")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule coreKnowsNobodyElse =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .dependOnClassesThat(
              describe(
                  "stand in a CapsDB package outside core",
                  type ->
                      type.getPackageName().startsWith("io.capsdb")
                          && !resideInAnyPackage(CORE).test(type)));

  @ArchTest
  static final ArchRule filesAreReachedThroughTheDiskPort =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.capsdb.io")
          .and()
          // Its maps are files of their own, made anew whenever they are in doubt.
          .doNotHaveFullyQualifiedName("io.capsdb.storage.KeyShard")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(Files.class, java.nio.channels.FileChannel.class, java.io.File.class);

  @ArchTest
  static final ArchRule timeAndRandomnessArePassedIn =
      noClasses()
          .should()
          .callMethodWhere(
              describe(
                  "reads a clock or a global random",
                  call -> {
                    String owner = call.getTargetOwner().getName();
                    return switch (call.getName()) {
                      case "currentTimeMillis", "nanoTime" -> owner.equals("java.lang.System");
                      case "now" -> owner.startsWith("java.time.");
                      case "random" -> owner.equals("java.lang.Math");
                      case "randomUUID" -> owner.equals("java.util.UUID");
                      case "current" -> owner.equals(ThreadLocalRandom.class.getName());
                      default -> false;
                    };
                  }));

  @ArchTest
  static final ArchRule randomGeneratorsAreSeeded =
      noClasses().should().callConstructor(Random.class);

  @ArchTest
  static final ArchRule packagesAreNamedByWhatTheyHold =
      noClasses().should().resideInAnyPackage("..util..", "..common..", "..impl..", "..helper..");

  @ArchTest
  static final ArchRule libraryNeedsNoServerParts =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.capsdb.server..", "io.capsdb.embeddings..", "io.capsdb.bench..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "com.fasterxml.jackson.databind..", "picocli..");

  /// Training runs in programs without the server; only commands and experiments know it.
  @ArchTest
  static final ArchRule trainingKnowsNoServer =
      noClasses()
          .that()
          .resideInAPackage("io.capsdb.embeddings..")
          .and()
          .resideOutsideOfPackages(
              "io.capsdb.embeddings.command..", "io.capsdb.embeddings.experiment..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.capsdb.server..", "picocli..", "io.vertx..");

  @ArchTest
  static final ArchRule pyTorchIsKnownInOnePlace =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.capsdb.embeddings.network..", "io.capsdb.embeddings.onnx..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.djl..", "ai.onnxruntime..");

  /// Where it is missing, or its flags are, nothing may touch it.
  @ArchTest
  static final ArchRule chronicleIsKnownInOnePlace =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.capsdb.storage.KeyShard")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("net.openhft..");

  private static DescribedPredicate<JavaClass> resideInAnyPackage(String... packages) {
    return JavaClass.Predicates.resideInAnyPackage(packages);
  }
}
