import type { CommandSpec } from './command-spec.ts'
import { wholeNumber } from './option-spec.ts'
import { BUDGET, readBudgets } from './read-budgets.ts'

export const TUNE: CommandSpec = {
  name: 'tune',
  summary: 'see what other settings would have found in the stored history',
  description:
    "Folds all stored events again, under the configuration and under other settings, and prints how many alerts a week each would have opened, by role too, and which of the last month's alerts would not have opened and which others would have. Any number of budgets costs one fold; other detectors or floors one more. Nothing is changed. The service must be stopped, for it holds the store; a copy of the folder does as well.",
  options: {
    budget: {
      value: 'N',
      takes: BUDGET,
      many: true,
      help: 'Budgets to try, as 2 or 1,2,10 (default: 1, 2, 5, 10 and 20).',
    },
    'leaver-budget': {
      value: 'N',
      takes: BUDGET,
      help: 'Budget of leavers for all of them (default: in the ratio configured, from 0.1 to 100).',
    },
    detector: {
      value: 'ID=on|off',
      takes: 'ID=on or ID=off',
      repeatable: true,
      help: 'Switch a detector on or off, such as after-hours=off.',
    },
    floor: {
      value: 'ID/TEST=N',
      takes: 'ID/TEST=N',
      repeatable: true,
      help: 'Another floor, such as mass-copy/contacts_copied.1h=20.',
    },
    with: { value: 'FILE', help: 'A configuration file with the other settings.' },
    days: {
      value: 'N',
      takes: wholeNumber(1, 3_650),
      help: 'Days before the newest event that are compared (default: 28).',
    },
    data: { value: 'DIR', help: 'Folder of the store (default: data.dir of the configuration).' },
    json: { help: 'Print the report as JSON.' },
    config: { value: 'FILE', help: 'Configuration file (default: ./crmwatch.yaml if there is one).' },
  },
  examples: ['crmwatch tune', 'crmwatch tune --budget 2,10 --detector after-hours=off --json'],
  build: (given) => {
    const detectors = given.pairs('detector')
    const floors = given.pairs('floor')
    const isChanged = Object.keys(detectors).length + Object.keys(floors).length > 0 || given.text('with') !== null
    const budgets = readBudgets(given, 'budget')
    return {
      command: 'tune',
      // Whoever asks about other detectors wants to see them at the configured budget first of all.
      budgets: budgets.length > 0 || isChanged ? budgets : [1, 2, 5, 10, 20],
      leaverBudget: given.number('leaver-budget'),
      detectors,
      floors,
      with: given.text('with'),
      days: given.number('days') ?? 28,
      dataDir: given.text('data'),
      json: given.switch('json'),
      config: given.text('config'),
    }
  },
}
