/** A heap that may reach 2 GB grows up to four-fold before V8 collects it again, a smaller one to its double. */
const HEAP_LIMIT = '--max-old-space-size=2000'

/**
 * V8's and Node's: the main thread's heap held down, which is enough for some 200,000 people; young generations of
 * 8 MiB, of which each thread has some; and kafkajs computes a negative timeout on every start.
 */
export const NODE_FLAGS = [HEAP_LIMIT, '--max-semi-space-size=8', '--disable-warning=TimeoutNegativeWarning'] as const

/** Them, but for the limit when the environment sets one. */
export const nodeFlags = ({ NODE_OPTIONS = '' }: NodeJS.ProcessEnv): string[] =>
  NODE_FLAGS.filter((flag) => flag !== HEAP_LIMIT || !/--max[-_]old[-_]space[-_]size/.test(NODE_OPTIONS))

/**
 * What the GNU C library's allocator is told, which reads it when a process starts. The windows are read all over, which
 * is cheaper in huge pages, where the kernel gives them on request. Each arena keeps what its threads once took, so
 * there are two for all threads. And what is larger than 4 MiB is given back when it is freed.
 */
export const GLIBC_TUNABLES = [
  'glibc.malloc.hugetlb=1',
  'glibc.malloc.arena_max=2',
  `glibc.malloc.mmap_threshold=${4 * 1024 * 1024}`,
].join(':')

/** The environment with them, unless it says otherwise. Other C libraries pass over it. */
export const withAllocator = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ GLIBC_TUNABLES, ...env })
