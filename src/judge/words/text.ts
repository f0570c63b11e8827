/** What a person typed, as sentences and clauses, and whether each asks for something. */

const MAX_WORDS = 8 * 1024
const MAX_LINE = 2000

/** A line that is longer is no sentence, and what is pasted stands between what is said of it. */
function readable(text: string): string {
  const half = MAX_WORDS / 2
  const cut = text.length <= MAX_WORDS ? text : `${text.slice(0, half)}\n\n${text.slice(-half)}`
  const short = cut.split('\n').filter(line => line.length <= MAX_LINE)
  return short.join('\n').replace(/\s{40,}/g, '\n\n')
}

/** The newest, of so many letters: what older ones forbid is kept in the ledger. */
export function newest(words: readonly string[]): readonly string[] {
  let left = 2 * MAX_WORDS
  const first = words.findLastIndex(text => {
    left -= Math.min(text.length, MAX_WORDS)
    return left < 0
  })
  return first < 0 ? words : words.slice(first + 1)
}

/** `The ticket says: "…". That's my ticket, do it.`: the end of a message that takes up what it quotes. */
const ADOPTS =
  /(?:^|[.!?"'”]\s+)(?:(?:that'?s my \w+|approved by me|i (?:wrote|approve|approved) (?:it|that))\b[^.;?!]*[,:]\s*)(?:so |please )?(?:do (?:it|that|what it says)|carry (?:it|that|this) out|go ahead(?: with (?:it|that))?)\s*[.!]?\s*$/i
const QUOTE = /[^.\n"'“‘]*\b(?:says?|reads?|asks?)\s*:?\s*["'“‘]([^"'“”‘’\n]+)["'”’]/i

function adopted(text: string): string {
  return ADOPTS.test(text) ? text.replace(QUOTE, '\n$1\n') : text
}

/** Only the words that are the person's own: no quoted mail, log or ticket. */
export function ownWords(text: string): string {
  return (
    // Fences first: of one that begins where the text is cut, only the end would be seen.
    adopted(readable(text.replace(/```[\s\S]*?```/g, ' ')))
      // A line that announces somebody else's words, and what stands below it.
      .replace(
        /(^|\n)[^\n]*\b(log|output|error|mail|ticket|slack|comment|review|message|says|said|wrote|hint|notice|stack ?trace|traceback|terminal|console|readme|docs? says?|from [A-Z]\w+|bot)\b[^\n]*:\s*\n((?:(?!\n\n)[\s\S])*?(?=\n[^\n>"“'\s][^\n]*[?.!]?\s*$|\n\n|$))/gi,
        '\n',
      )
      .split('\n')
      .filter(
        line =>
          !/^\s*>|\b(HINT|ERROR|WARN|WARNING|INFO|DEBUG|FATAL|NOTICE):|^\s*((error|hint|notice|warning|fatal)\b\s*[:[(]|npm err!|traceback|\$|at )/i.test(
            line,
          ),
      )
      .join('\n')
      // Words in quotes: a name may be meant, a whole sentence is somebody else's.
      .replace(/(?<=[\s:(]|^)'([^'\n]{12,})'(?=[\s.,;:!?)]|$)/gm, (whole, inner: string) =>
        inner.trim().split(/\s+/).length > 3 ? ' ' : whole,
      )
      .replace(/["“”«»]([^"“”«»\n]*)["“”«»]/g, (whole, inner: string) =>
        inner.trim().split(/\s+/).length > 2 ? (/[.!?]$/.test(inner.trim()) ? ' \n' : ' ') : whole,
      )
  )
}

export function sentencesOf(text: string): readonly string[] {
  return text
    .replace(/\p{Extended_Pictographic}/gu, '\n')
    .split(
      /(?<=\.\.\.)\s+|(?<=[!?;])\s+|(?<=[^.\s]\.)(?<!\b(?:incl|e\.g|i\.e|vs|bzw|z\.b|approx|ca|etc|nr)\.)\s+(?=[A-Z"'@(\d]|[a-z]{2,})|\n+/,
    )
    .map(sentence => sentence.trim())
    .filter(sentence => sentence !== '')
}

/** Parts that a refusal in one does not reach into another. */
const CLAUSES =
  /[()]|,\s+|;\s*|:\s+|\s+[-–—]+\s+|\bbut\b|\bthen\b|\botherwise\b|\bso\b(?!\s+that)|(?<=\d)\s+and\b|\band\b(?!\s+(delete|drop|remove)\b)/i

export function clauseAt(sentence: string, at: number): string {
  let from = 0
  for (const match of sentence.matchAll(new RegExp(CLAUSES.source, 'gi'))) {
    if (match.index >= at) return sentence.slice(from, match.index)
    if (match.index + match[0].length <= at) from = match.index + match[0].length
  }
  return sentence.slice(from)
}

export interface Clause {
  readonly text: string
  readonly end: number
  /** What parts it from the next. */
  readonly close: string
}

export function clausesOf(sentence: string): readonly Clause[] {
  const ends = [...sentence.matchAll(new RegExp(CLAUSES.source, 'gi'))].map(match => ({
    at: match.index,
    end: match.index + match[0].length,
    close: match[0],
  }))
  return [...ends, { at: sentence.length, end: sentence.length, close: '' }].map((it, i) => ({
    text: sentence.slice(ends[i - 1]?.end ?? 0, it.at),
    end: it.end,
    close: it.close,
  }))
}

const REFUSES =
  /\b(do not|don'?t|dont|does ?n[o']t|never|without|avoid|refrain|no|not|nothing|nobody|none|cannot|can'?t|cant|must ?n[o']t|should ?n[o']t|stop(?= \w+ing\b)|instead of|rather than|hands off|leave|forget|except|excluding|other than|apart from|neither|nor|hate to|nicht|kein\w*|n[ãa]o|nie|ohne|ne|jamais|nunca|sin|laisse|deja)\b/i

export function refuses(clause: string): boolean {
  // What these say is not a refusal.
  return REFUSES.test(
    clause.replace(
      /\b(no need to|not only|no longer needed|not needed( any ?more)?|no problem|don'?t need|do not need|nothing else|no one needs|not used|no one uses|if not|why not|don'?t forget to|do not forget to|do not hesitate|make sure|nobody (needs|uses|has|pulled)\b[^,.;]*|forget (what|that) (i|we) said[^,.;]*|without (asking|waiting|confirm\w*)( me)?)\b/gi,
      '',
    ),
  )
}

const CONDITION =
  /\b(if|unless|until|till|in case|provided|assuming|as soon as|as long as|supposing|depending|at some point|some ?time|some ?day|eventually|wenn|falls|sobald|irgendwann|quand|lorsque|cuando|hasta que|algun dia)\b|\b(when|once|after|only when)\b(?=\s+\w)(?!\s+(that|this|it'?s? (is )?done|done|you|you'?re|you are|you have|you'?ve|the (tests?|build|suite|lint|rebase|fix|commit)\b|rebas\w+|commit\w+|\w+ing\b))/i
/** Politeness, and what the agent itself is to do first. */
const NO_CONDITION =
  /\b(even (if|when)|if (you can|possible|needed|necessary|you want|you like|that'?s ok)|when (you'?re|you are) (done|ready|finished)|once (you'?re|you are|that'?s|it'?s) done|after that|once (for|more|again|and))\b/gi

export function isConditional(sentence: string): boolean {
  const plain = sentence.replace(/\bso that\b.*$|(?<=\s)--?[\w-]+/gi, '').replace(NO_CONDITION, '')
  return CONDITION.test(plain)
}

const POLITE =
  /\b(kannst|k[öo]nntest) du\b|\bbitte\b|\bpuedes\b|\bpor favor\b|\bpeux-tu\b|\b(can|could|would|will) (you|u)\b|\bplease\b|\bpls\b|\bplz\b|\bmind\b/i
const ASKS =
  /\?\s*$|^\s*(is|are|do (?=i\b|we\b|you\b|they\b)|does|did|can i|can we|could we|should|shall|what|why|how|when|where|which|who|whose|would it|has|have|was|were|may i|any|isn'?t|aren'?t)\b/i

export function isQuestion(sentence: string): boolean {
  return (
    ASKS.test(sentence) &&
    !(POLITE.test(sentence) && !/\b(can|could|should|may) (i|we)\b/i.test(sentence))
  )
}

/** Of what was, of what somebody will do, of what somebody else says. */
const TELLS =
  /\b(thinking (about|of)|ready for|considering|wondering)\b|\b(i|we|they|he|she|somebody|someone|it|who|that|\w+ (?:bot|script|job|team|rule))('ll|'d| will| would| had| have| has| was| were| am going to| are going to| is going to)\b|\b(last (time|week|month|year|night|sprint|friday)|yesterday|this morning|ago|already|used to|got|was|were|been|next (week|month|sprint)|tonight|tomorrow|on (sunday|monday|saturday)|myself|by hand later)\b|^\s*(i|we|they|he|she|somebody|someone)\s+(just\s+)?\w+(ed|t|ote|ent)\b|\b(says?|said|wants?|asks?|thinks?|suggests?|wrote|told|whether|remind me|je pensais|je voulais|pensaba|wollte eigentlich|eu ia|in (january|february|march|april|may|june|july|august|september|october|november|december)|on (sunday|monday|tuesday|wednesday|thursday|friday|saturday)|is no option|not an option|off the table)\b/i
/** A wish is a request, and so is what is wanted of the agent. */
const WISHES =
  /\b(i|we) (want|need|would like|'d like)\b|\bi'?d like (you )?to\b|\byou (can|may|should)\b|\bgo ahead\b|\bnow\b/i

export function isTold(clause: string): boolean {
  return (
    TELLS.test(
      clause
        .replace(/\b(what|whatever|which) (was|were|got|is|are)\b.*$/i, '')
        .replace(
          /\b(product|qa|legal|security|everyone|everybody|the team|sam|ops) says? (yes|ok|go|fine)\b/gi,
          '',
        ),
    ) && !WISHES.test(clause)
  )
}
