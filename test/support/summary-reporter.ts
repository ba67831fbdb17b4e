import type { Reporter, TestModule } from 'vitest/node'

/**
 * Ends the run with the plain line `N passed, N failed`. A file that could not be loaded, and an error outside of
 * any test, count as a failure each; so does a run that never came to its end. Tests without a result, since the
 * process that ran them ended first, are named before that line: vitest itself does not say which they were.
 */
export default class SummaryReporter implements Reporter {
  #passed = 0
  #failed = 0
  #ended = false
  #withoutResult: string[] = []

  /** Prints at exit, so that nothing of vitest's own can follow. */
  onInit(): void {
    process.once('exit', () => {
      for (const test of this.#withoutResult) process.stdout.write(`no result: ${test}\n`)
      process.stdout.write(`\n${this.#passed} passed, ${this.#ended ? this.#failed : this.#failed + 1} failed\n`)
    })
  }

  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandledErrors: ReadonlyArray<unknown>): void {
    this.#ended = true
    this.#passed = 0
    this.#failed = unhandledErrors.length
    this.#withoutResult = []
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      const failedTests = tests.filter((test) => test.result().state === 'failed').length
      this.#passed += tests.filter((test) => test.result().state === 'passed').length
      this.#failed += failedTests === 0 && module.state() === 'failed' ? 1 : failedTests
      const pending = tests.filter((test) => test.result().state === 'pending').map((test) => test.fullName)
      this.#withoutResult.push(...pending.map((name) => `${module.relativeModuleId} > ${name}`))
    }
  }
}
