import { TOKEN_NAME_CHARACTERS, TOKEN_ROLES } from '../api/services.ts'
import { EVENT_LIMITS } from '../model/event.ts'
import type { CommandSpec } from './command-spec.ts'
import { EVALUATE } from './evaluate-spec.ts'
import { newToken } from './new-token.ts'
import { anyNumber, type OptionSpec, wholeNumber } from './option-spec.ts'
import { TUNE } from './tune-spec.ts'

const CONFIG: OptionSpec = { value: 'FILE', help: 'Configuration file (default: ./crmwatch.yaml if there is one).' }

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'serve',
    summary: 'run the service (the default)',
    description:
      'Takes in access events by HTTP, and from Kafka when brokers are configured, and serves the alerts. The first start prints an administrator token once, unless CRMWATCH_ADMIN_TOKEN sets one.',
    options: { config: CONFIG },
    examples: ['crmwatch serve', 'CRMWATCH_KAFKA_BROKERS=broker:9092 crmwatch serve --config /etc/crmwatch.yaml'],
    build: (given) => ({ command: 'serve', config: given.text('config') }),
  },
  {
    name: 'demo',
    summary: 'run the service beside a simulated CRM',
    description:
      'Folds in eight weeks of a 60-person company, then goes on live at an accelerated pace until a colleague in the notice period starts to copy contacts. A second start goes on where the first one stopped.',
    options: {
      data: { value: 'DIR', help: 'Where to keep the store (default: ./data/demo).' },
      port: {
        value: 'PORT',
        takes: wholeNumber(0, 65_535),
        help: 'Port to listen on, 0 for any free one (default: http.port).',
      },
      seed: { value: 'N', takes: wholeNumber(0, 4_294_967_295), help: 'Another company, another story (default: 1).' },
      fresh: { help: 'Start over instead of going on.' },
      once: { help: 'Stop after the first alert.' },
      pace: { value: 'N', takes: anyNumber(0.1, 1_000_000), help: 'Seconds of the company per second of the clock.' },
    },
    examples: ['crmwatch demo', 'crmwatch demo --fresh --port 9000'],
    build: (given) => ({
      command: 'demo',
      dataDir: given.text('data') ?? './data/demo',
      port: given.number('port'),
      seed: given.number('seed') ?? 1,
      fresh: given.switch('fresh'),
      once: given.switch('once'),
      pace: given.number('pace'),
    }),
  },
  {
    name: 'replay',
    summary: 'run the detectors over files',
    description:
      'Folds files of access events through the same detectors as the service, in order of event time and as fast as the machine can, and writes one JSON object per alert as it stands at the end, in the order in which they opened. The same files always give the same alerts. Nothing is kept unless --data is given.',
    options: {
      events: { value: 'FILE', many: true, help: 'Access events, JSON lines. Several may follow, in any order.' },
      staff: { value: 'FILE', help: 'Staff records, JSON lines or CSV.' },
      'alerts-out': { value: 'FILE', help: 'Where to write the alerts (default: standard output).' },
      data: { value: 'DIR', help: 'Keep the store there, to be queried or served afterwards.' },
      config: CONFIG,
      timezone: { value: 'ZONE', help: 'IANA time zone of the working day (default: timezone of the configuration).' },
    },
    examples: [
      'crmwatch replay --events march.ndjson --staff staff.csv --alerts-out alerts.ndjson',
      'crmwatch replay --events log/*.ndjson --timezone Europe/Berlin',
    ],
    build: (given) => ({
      command: 'replay',
      events: given.required('--events FILE', given.texts('events').length > 0 ? given.texts('events') : null),
      staff: given.text('staff'),
      alertsOut: given.text('alerts-out'),
      dataDir: given.text('data'),
      config: given.text('config'),
      timezone: given.timeZone('timezone'),
    }),
  },
  {
    name: 'import',
    summary: 'send files to a running service',
    description:
      "Sends files to a running service: access events (JSON lines), or with --source the rows of a CRM's own log (CSV, JSON or JSON lines, also gzip and zip) for a source that its configuration names. What it already has is left out, so a broken-off import can simply be repeated; of a source's file it then goes on where it was.",
    options: {
      source: { value: 'NAME', help: 'The configured source whose log the files are (default: access events).' },
      again: { help: 'With --source: read files once more that were imported to their end.' },
      url: { value: 'URL', help: 'Where the service listens (default: http://127.0.0.1:8080).' },
      token: {
        value: 'TOKEN',
        help: 'Bearer token with role ingest or admin. Other users of the machine can see it: prefer CRMWATCH_TOKEN.',
      },
    },
    argument: 'FILE...',
    examples: [
      'CRMWATCH_TOKEN=... crmwatch import march.ndjson april.ndjson',
      'CRMWATCH_TOKEN=... crmwatch import --source salesforce event-logs.zip',
    ],
    build: (given) => ({
      command: 'import',
      files: given.required('FILE', given.arguments.length > 0 ? given.arguments : null),
      source: given.text('source'),
      again: given.switch('again'),
      url: given.text('url') ?? 'http://127.0.0.1:8080',
      token: given.text('token'),
    }),
  },
  {
    name: 'convert',
    summary: "show what crmwatch understands of a CRM's log",
    description:
      "Reads files of a CRM's own log (CSV, JSON or JSON lines, also gzip and zip) and writes the access events that crmwatch would take from them to standard output, as JSON lines in the order of the files. Nothing is stored. Standard error gets the number of events, of rows ignored as no access by type, and of rows refused by reason.",
    options: {
      adapter: { value: 'NAME', help: 'Which log it is; docs/adapters has a page for each.' },
      option: { value: 'KEY=VALUE', repeatable: true, help: 'A setting of the adapter, such as org=acme.' },
      rejects: { value: 'FILE', help: 'Where to write the refused rows with their reasons, as JSON lines.' },
    },
    argument: 'FILE...',
    examples: [
      'crmwatch convert --adapter salesforce-event-log-file Report.csv > events.ndjson',
      'crmwatch convert --adapter salesforce-event-log-file --option org=acme --rejects refused.ndjson *.csv.gz',
    ],
    build: (given) => ({
      command: 'convert',
      adapter: given.required('--adapter NAME', given.text('adapter')),
      options: given.pairs('option'),
      files: given.required('FILE', given.arguments.length > 0 ? given.arguments : null),
      rejects: given.text('rejects'),
    }),
  },
  {
    name: 'map',
    summary: 'propose a mapping for a log of another CRM',
    description:
      'Reads the first 1,000 rows of a CSV, JSON or JSON lines file, also gzip and zip, and writes a mapping for the adapter `mapped` to standard output, to be looked through and corrected. Standard error shows ten rows before and after, with the values of the file.',
    options: { sample: { value: 'FILE', orStdin: true, help: 'Some rows of the log, - for standard input.' } },
    examples: [
      'crmwatch map --sample log.csv',
      'crmwatch convert --adapter mapped --option mapping=mapping.yaml log.csv',
    ],
    build: (given) => ({ command: 'map', sample: given.required('--sample FILE', given.text('sample')) }),
  },
  EVALUATE,
  TUNE,
  {
    name: 'check-config',
    summary: 'check the configuration and show it',
    description:
      'Reports everything that is wrong with the configuration, missing files among it, and exits with 2, or prints the configuration in force, secrets masked, and exits with 0.',
    options: { config: CONFIG },
    examples: ['crmwatch check-config --config crmwatch.yaml'],
    build: (given) => ({ command: 'check-config', config: given.text('config') }),
  },
  {
    name: 'notify-test',
    summary: 'send a test message to a channel',
    description:
      'Sends a message that says it is a test to one of the configured channels, prints what the other side answered, and exits with 0 when it took it, else with 1. The service may run meanwhile.',
    options: { config: CONFIG },
    argument: 'CHANNEL',
    examples: ['crmwatch notify-test soc'],
    build: (given) => ({
      command: 'notify-test',
      channel: given.required('CHANNEL', given.arguments[0] ?? null),
      config: given.text('config'),
    }),
  },
  {
    name: 'token create',
    summary: 'make a token for the API',
    description:
      'Prints the new token once; the store keeps only its hash. The service must be stopped, for it holds the store.',
    options: {
      name: {
        value: 'NAME',
        mostCharacters: TOKEN_NAME_CHARACTERS,
        help: 'What the token is for, to tell it from others.',
      },
      role: { value: 'ROLE', help: `What it may do: ${TOKEN_ROLES.join(', ')}.` },
      org: {
        value: 'ORG',
        mostCharacters: EVENT_LIMITS.uidLength,
        help: 'The only tenant that it may see or feed (default: all).',
      },
      config: CONFIG,
    },
    examples: ['crmwatch token create --name prometheus --role metrics'],
    build: (given) => ({
      command: 'token-create',
      ...newToken(given),
      config: given.text('config'),
    }),
  },
  {
    name: 'token list',
    summary: 'list the tokens, never their secrets',
    description:
      'Lists every token with its id, name, role and tenant. The service must be stopped, for it holds the store.',
    options: { config: CONFIG },
    examples: ['crmwatch token list'],
    build: (given) => ({ command: 'token-list', config: given.text('config') }),
  },
  {
    name: 'token revoke',
    summary: 'make a token invalid',
    description: 'Makes the token with this id invalid for good. The service must be stopped, for it holds the store.',
    options: { config: CONFIG },
    argument: 'TOKEN_UID',
    examples: ['crmwatch token revoke 01JD3M'],
    build: (given) => ({
      command: 'token-revoke',
      tokenUid: given.required('TOKEN_UID', given.arguments[0] ?? null),
      config: given.text('config'),
    }),
  },
]
