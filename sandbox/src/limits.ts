const MEBIBYTE = 2 ** 20;

/** What one run may use unless the settings say otherwise, and the fixed limits of the channel and the pool. */
export const limits = {
  /** Resident bytes of a runner while a candidate runs, on top of the rollouts that the supervisor put there. */
  memoryBytes: 256 * MEBIBYTE,
  /** Heap of one isolate, in megabytes: V8's own guideline, which it looks at when it collects. One large value passes it, and is held by `memoryBytes`. */
  isolateMegabytes: 64,
  /** What a training holds by itself: the population's episodes and three programs' labels of them. */
  trainingBytes: 256 * MEBIBYTE,
  wallMilliseconds: 5_000,
  cpuMilliseconds: 10_000,
  /** Wall clock of a program in the raw sandbox of the tests, unless one says otherwise. */
  rawMilliseconds: 2_000,
  /** Processor time that one compilation, or writing one program out, may take of the compiling thread. */
  compileMilliseconds: 10_000,
  /** What a small program is compiled within, in some tens of milliseconds, on a thread that larger ones do not come to. */
  compileQuick: { sourceLength: 8_000, evaluations: 3_800, nodes: 600, scalarNodes: 1_200, guardSteps: 3_000 },
  /** Processor time of that thread for one of them, and how many may wait for it. */
  compileQuickMilliseconds: 250,
  compileQuickQueued: 1_024,
  /** Heap of a compiling thread. */
  compileMegabytes: 256,
  /** How often a thread that may be past its time is looked at, how long a busy machine may take beyond it, and when one that rests goes. */
  compileLookMilliseconds: 50,
  compilePatienceMilliseconds: 60_000,
  compileRestMilliseconds: 60_000,
  /** Programs that may wait for the thread: each may take seconds. */
  compileQueued: 32,
  /** Characters of compiled programs that are kept, in case they come again. */
  compiledCharacters: 8 * MEBIBYTE,
  rows: 2_000_000,
  /** As many as the language lets a program return. */
  components: 64,
  outputBytes: 256 * MEBIBYTE,
  /** Bytes of recorded rollouts that one runner keeps for later candidates. */
  recordedBytes: 256 * MEBIBYTE,
  /** Half of what a column's entry in the layout takes of a runner, some 100 bytes with the garbage of making it: what it holds of a rollout counts twice. */
  columnBytes: 64,
  runsPerRunner: 200,
  /**
   * Resident bytes that earlier candidates may leave behind in a runner: they are counted against the next one. Honest requests of
   * all sizes, and trainings, come to some 70 MB between two collections, and stay there.
   */
  agedBytes: 96 * MEBIBYTE,
  /** What a simulator's library takes once it is loaded. */
  libraryBytes: 64 * MEBIBYTE,
  /** Unbound runners kept warm beside those at work, so that a replacement is never waited for. */
  spares: 1,
  queued: 256,
  /** One call of a reward over one generation's rollouts. */
  generationMilliseconds: 2_000,
  /** Wall clock of one training run: a floor, and an allowance per environment step. */
  trainingMilliseconds: 60_000,
  trainingMicrosecondsPerStep: 200,
  /** The runner's own time for one label that it counts into statistics: three times what it takes on an idle machine. */
  countingNanoseconds: 20,
  /** Time for the runner's own work: to start, to take a rollout in, to send labels back. */
  startMilliseconds: 20_000,
  transferMilliseconds: 30_000,
  /** CPU time of the same, and of a runner that waits for its next request: what else uses it is nobody's work. */
  transferCpuMilliseconds: 30_000,
  restingCpuMilliseconds: 2_000,
  /** How often the watcher looks at a runner that waits. */
  restingLookMilliseconds: 50,
  /**
   * Rows of a labelling from which on V8's best compiler pays, which saves some 4 ns a row and takes some 4 ms of another
   * processor: where one has nothing else to do, and where all have runners at work.
   */
  optimisedRows: { spare: 500_000, shared: 1_500_000 },
  /** Labels of the episodes that are measured at once, which a processor's own cache holds. */
  partBytes: MEBIBYTE,
  /** Bytes of labels after which the service collects its young memory; with the pieces that they come in it is twice that. */
  youngLabelBytes: 16 * MEBIBYTE,
  /** Discarded buffers of a runner at which it collects garbage between runs. */
  untidyBytes: 32 * MEBIBYTE,
  /** What a disposed isolate's handles count as until they are collected: every 250 runs or so. */
  isolateRemainsBytes: MEBIBYTE / 8,
  /** Threads of a runner beside one for each processor, which isolated-vm may start: it starts some ten itself. Only machine code starts more. */
  threads: 64,
  /** How far a runner's scheduling priority is below the service's own. */
  priority: 5,
  /** A message of a runner, and the result of a training that comes after one. Labels are as long as was asked for. */
  messageBytes: MEBIBYTE / 16,
  resultBytes: 16 * MEBIBYTE,
  /** Numbers in the columns of such a result and its policy, and what else it may hold. */
  resultNumbers: 2_000_000,
  resultEntries: 10_000,
  /** Permissions that a runner may name when it starts. */
  grants: 64,
  /** Replies that may wait to be read. */
  unreadReplies: 64,
  errorLength: 500,
  progressMilliseconds: 200,
  /** Tidings of progress that may come at once, as they do after the service was busy. */
  progressBurst: 16,
} as const;
