/** V8's and Node's: young generations of 8 MiB, of which each thread has some; and kafkajs computes a negative timeout on every start. */
export const NODE_FLAGS = ['--max-semi-space-size=8', '--disable-warning=TimeoutNegativeWarning'] as const

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
