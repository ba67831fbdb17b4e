import { type DestinationStream, destination, type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import type { Config } from '../config.ts'
import { loggableError } from '../model/loggable-error.ts'

/** The log on standard error, or on `stream`. Whoever logs an error as `err` gives away nothing that it quotes. */
export function createLogger({ log }: Pick<Config, 'log'>, isTerminal: boolean, stream?: DestinationStream): Logger {
  const onTerminal = log.format === 'pretty' || (log.format === 'auto' && isTerminal)
  return pino(
    { level: log.level, base: null, serializers: { err: loggableError } },
    stream ?? (onTerminal ? pretty({ destination: 2, colorize: isTerminal, ignore: 'pid,hostname' }) : destination(2)),
  )
}
