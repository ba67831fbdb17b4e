import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import type { Reporter, TestModule } from 'vitest/node'

/**
 * Ends the run with the plain line `N passed, N failed`. A file that could not be loaded, and an error outside of
 * any test, count as a failure each; so does a run that never came to its end. Tests without a result, since the
 * process that ran them ended first, are named before that line, and how such processes ended: vitest says neither.
 */
export default class SummaryReporter implements Reporter {
  #passed = 0
  #failed = 0
  #ended = false
  #withoutResult: string[] = []
  /** How the processes ended that did not end well. */
  readonly #ends: string[] = []

  /** Prints at exit, so that nothing of vitest's own can follow. */
  onInit(): void {
    subscribe('child_process', (message) => {
      const { process: child } = message as { readonly process: ChildProcess }
      child.once('exit', (code, signal) => {
        // vitest ends those that have nothing left to do with SIGTERM.
        if (code !== 0 && signal !== 'SIGTERM') this.#ends.push(`process ${child.pid} ended with ${signal ?? code}`)
      })
    })
    process.once('exit', () => {
      if (this.#withoutResult.length > 0)
        for (const line of [...this.#withoutResult, ...this.#ends]) process.stdout.write(`no result: ${line}\n`)
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
