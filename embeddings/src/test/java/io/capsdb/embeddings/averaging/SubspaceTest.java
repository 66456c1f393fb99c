package io.capsdb.embeddings.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubspaceTest {
  private static final int DIMENSION = 60;
  private static final int[] BLOCKS = {10, 25, 1, 24};

  /// Checkpoints that differ little, as those of one run do.
  static CheckpointBank bank(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    CheckpointBank bank = new CheckpointBank();
    float[] common = new float[DIMENSION];
    for (int k = 0; k < DIMENSION; k++) {
      common[k] = (float) random.nextGaussian();
    }
    for (int i = 0; i < count; i++) {
      float[] weights = common.clone();
      for (int k = 0; k < DIMENSION; k++) {
        weights[k] += (float) (0.01 * random.nextGaussian());
      }
      bank.add(weights);
    }
    return bank;
  }

  private static float[] compose(WeightSubspace subspace, float[] coefficients) {
    float[] weights = new float[subspace.dimension()];
    subspace.compose(coefficients, weights);
    return weights;
  }

  @Test
  void schmidtBasisIsOrthonormalThoughCheckpointsAreNearlyCollinear() {
    SchmidtSubspace subspace = SchmidtSubspace.of(bank(20, 1));
    assertThat(subspace.coefficientCount()).isEqualTo(20);
    assertThat(subspace.orthogonalityError()).isLessThan(1e-5);
  }

  @Test
  void schmidtStartsAtTheMean() {
    CheckpointBank bank = bank(7, 2);
    SchmidtSubspace subspace = SchmidtSubspace.of(bank);
    assertThat(compose(subspace, subspace.startAtMean()))
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(bank.mean());
  }

  @Test
  void schmidtWeightsAreSumsOfCheckpoints() {
    CheckpointBank bank = bank(5, 3);
    SchmidtSubspace subspace = SchmidtSubspace.of(bank);
    float[] coefficients = {1.5f, -0.3f, 0.02f, 0.4f, -2f};
    double[] factors = subspace.ofCheckpoints(coefficients);
    float[] weights = compose(subspace, coefficients);
    for (int k = 0; k < DIMENSION; k++) {
      double sum = 0;
      for (int i = 0; i < factors.length; i++) {
        sum += factors[i] * bank.get(i)[k];
      }
      assertThat(sum).isCloseTo(weights[k], within(1e-3));
    }
  }

  @Test
  void repeatedCheckpointsAddNoDirection() {
    CheckpointBank bank = bank(3, 4);
    bank.add(bank.get(1).clone());
    bank.add(bank.mean());
    assertThat(SchmidtSubspace.of(bank).coefficientCount()).isEqualTo(3);
  }

  @Test
  void layerwiseStartsAtTheMeanAndMovesBlocksApart() {
    CheckpointBank bank = bank(4, 5);
    CenteredLayerwiseSubspace subspace = CenteredLayerwiseSubspace.of(bank, BLOCKS, 32);
    float[] coefficients = subspace.startAtMean();
    assertThat(compose(subspace, coefficients)).containsExactly(bank.mean());
    coefficients[2 * BLOCKS.length + 1] = 3;
    float[] moved = compose(subspace, coefficients);
    double square = 0;
    for (int k = 0; k < DIMENSION; k++) {
      double step = moved[k] - bank.mean()[k];
      square += step * step;
      assertThat(step != 0).isEqualTo(k >= 10 && k < 35);
    }
    assertThat(Math.sqrt(square)).isCloseTo(3, within(1e-4));
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 4, 1})
  void fewBitsKeepTheDirection(int bits) {
    CheckpointBank bank = bank(4, 6);
    float[] exact = difference(CenteredLayerwiseSubspace.of(bank, BLOCKS, 32));
    float[] stepped = difference(CenteredLayerwiseSubspace.of(bank, BLOCKS, bits));
    double dot = 0;
    double a = 0;
    double b = 0;
    for (int k = 0; k < 10; k++) {
      dot += exact[k] * stepped[k];
      a += exact[k] * exact[k];
      b += stepped[k] * stepped[k];
    }
    assertThat(dot / Math.sqrt(a * b)).isGreaterThan(bits == 8 ? 0.9999 : bits == 4 ? 0.99 : 0.6);
  }

  private static float[] difference(CenteredLayerwiseSubspace subspace) {
    float[] coefficients = subspace.startAtMean();
    coefficients[0] = 1;
    float[] moved = compose(subspace, coefficients);
    float[] mean = compose(subspace, subspace.startAtMean());
    for (int k = 0; k < moved.length; k++) {
      moved[k] -= mean[k];
    }
    return moved;
  }

  /// The gradient of each coefficient by finite differences, for all forms.
  @ParameterizedTest
  @ValueSource(ints = {0, 32, 8, 4, 1})
  void gradientOfCoefficientsIsThatOfTheLoss(int bits) {
    CheckpointBank bank = bank(4, 7);
    WeightSubspace subspace =
        bits == 0 ? SchmidtSubspace.of(bank) : CenteredLayerwiseSubspace.of(bank, BLOCKS, bits);
    SubspaceObjective objective = new SubspaceObjective(new Quadratic(40, DIMENSION, 8), subspace);
    int[] rows = IntStream.range(0, 40).toArray();
    float[] at = subspace.startAtMean();
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < at.length; i++) {
      at[i] += (float) random.nextGaussian();
    }
    float[] gradient = new float[at.length];
    objective.gradient(at, rows, gradient);
    float[] unused = new float[at.length];
    for (int i = 0; i < at.length; i++) {
      float[] above = at.clone();
      float[] below = at.clone();
      above[i] += 0.05f;
      below[i] -= 0.05f;
      double slope =
          (objective.gradient(above, rows, unused) - objective.gradient(below, rows, unused))
              / (above[i] - below[i]);
      assertThat(gradient[i]).isCloseTo((float) slope, within(2e-2f));
    }
  }

  @Test
  void impossibleSettingsAreRefused() {
    CheckpointBank bank = bank(2, 10);
    assertThatThrownBy(() -> CenteredLayerwiseSubspace.of(bank, BLOCKS, 2))
        .hasMessage("bits must be 32, 8, 4 or 1, was 2");
    assertThatThrownBy(() -> CenteredLayerwiseSubspace.of(bank, new int[] {59}, 8))
        .hasMessageContaining("the blocks have 59 weights, the checkpoints have 60");
    assertThatThrownBy(() -> bank.add(new float[3])).hasMessageContaining("has 3 weights");
    float[] broken = new float[DIMENSION];
    broken[7] = Float.NaN;
    assertThatThrownBy(() -> bank.add(broken)).hasMessageContaining("weight 7 is NaN");
    assertThatThrownBy(() -> SchmidtSubspace.of(new CheckpointBank()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
