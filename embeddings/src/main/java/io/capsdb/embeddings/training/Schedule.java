package io.capsdb.embeddings.training;

/// How the learning rate changes over a run.
public enum Schedule {
  CONSTANT {
    @Override
    double factorAt(double share) {
      return 1;
    }
  },
  /// In a straight line to 0.
  LINEAR {
    @Override
    double factorAt(double share) {
      return 1 - share;
    }
  },
  /// Half a cosine to 0.
  COSINE {
    @Override
    double factorAt(double share) {
      return (1 + Math.cos(Math.PI * share)) / 2;
    }
  },
  /// A fifth of the run in a straight line up from 0, then half a cosine to 0.
  WARM_COSINE {
    @Override
    double factorAt(double share) {
      return share < WARM ? share / WARM : COSINE.factorAt((share - WARM) / (1 - WARM));
    }
  },
  /// A tenth from half of the run on, a hundredth from three quarters on.
  STEPS {
    @Override
    double factorAt(double share) {
      return share < 0.5 ? 1 : share < 0.75 ? 0.1 : 0.01;
    }
  };

  private static final double WARM = 0.2;

  /// What the learning rate is multiplied with at a step.
  ///
  /// @param step from 0
  /// @param stepCount of the whole run
  public double factor(long step, long stepCount) {
    // The rate of the first step is not 0 where it warms up, nor that of the last where it falls.
    double share = this == WARM_COSINE ? (step + 1.0) / (stepCount + 1) : (double) step / stepCount;
    return factorAt(share);
  }

  abstract double factorAt(double share);
}
