// Writes sessions as bench/stream.ts does, and prints when what was written:
//   node bench/prove/load/writer.ts DIR '{"rate":5000,"seconds":60,"sessions":10,"seed":1}'
import { type StreamOptions, type StreamReport, stream } from '../../stream.ts'

/** From so many Unix ms on so many calls and results stood in the files. */
export type Written = readonly [at: number, calls: number, results: number]
export type WriterReport = StreamReport & { timeline: Written[] }

const [dir = '', options = ''] = process.argv.slice(2)
const timeline: Written[] = []
// As `written` of ../writing.ts gave them.
const given = JSON.parse(options) as StreamOptions
const onWritten = ({ calls, lines }: StreamReport) =>
  void timeline.push([Date.now(), calls, lines - calls])
const report = await stream(dir, { ...given, onWritten })
const whole: WriterReport = { ...report, timeline }
console.log(JSON.stringify(whole))
