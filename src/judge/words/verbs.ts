/** What a command does, and how people say it: one row for each thing that can be done. */

interface Verb {
  /** Found in a command that does it. */
  readonly does: RegExp
  /** Words and turns of people who ask for it. */
  readonly said: string
}

const DELETE =
  'delet\\w*|compose down|remov\\w*|rm|rmi|del|drop\\w*|destroy\\w*|eras\\w+|nuk\\w+|kill\\w*|trash\\w*|bin|toss\\w*|ditch\\w*|zap\\w*|scrap\\w*|axe|chuck\\w*|purg\\w+|wip\\w+|prun\\w+|clean\\w*|clear\\w*|sweep|evict\\w*|termin\\w*|term|vanish|expunge|decommission\\w*|dispose|retire|unpublish\\w*|yank\\w*|uninstall\\w*|off with|lose|rid of|(?:want|get|make|be)\\b[^,;]*\\bgone|get lost|(throw|blow|chuck|clear|take|tear|pull|kick|rip|get|cut|bring|zero|do)\\b[^,;]*?\\b(away|out|down|off|rid)|(can|may|must|should|has to|needs to) go|goes away|be gone|losch\\w*|entfern\\w*|schmei(ß|ss)\\w*|hau\\b.*\\bweg|(mach|raum|wirf|nimm|nehm|hol)\\w*\\b.*\\b(weg|ab|raus)|weg damit|\\w*leeren|leere|borra\\w*|borra\\w*|elimin\\w*|elimin\\w*|quita\\w*|quita\\w*|tumba\\w*|supprim\\w*|effac\\w*|enlev\\w*|vire\\w*|vire\\w*|degag\\w*|jette|rimuov\\w*|cancella\\w*|usun\\w*|slett?\\b|verwijder\\w*|apaga\\w*|limp[ae]\\w*|derrub\\w*|exclu[ai]\\w*|tir[ae]\\b|remov[ae]\\w*'

const STOP =
  'stop\\w*|shut\\w*|halt\\w*|kill\\w*|end|quit|terminat\\w+|poweroff|(power|turn|switch|take|bring|spin)\\w*\\b[^,;]*?\\b(off|down)|plug|unload\\w*|stopp\\w*|anhalten|halte\\b.*\\ban|fahr\\w*\\b.*\\brunter|herunterfahr\\w*|para\\b|para\\w*|deten\\w*|apaga\\w*|mata\\w*|arret\\w*|etein\\w*|tue\\b|coupe\\w*'

const DEPLOY =
  'deploy\\w*|ship\\w*|releas\\w+|roll\\w*\\b[^,;]*?\\bout|rollout|push\\w*|promot\\w+|appl(y|ies|ied)|publish\\w*|upload\\w*|submit\\w*|(go|goes|put|bring|send|move)\\w*\\b[^,;]*?\\b(live|out|up|to|into|on)|(get|set|make|take)\\w*\\b[^,;]*?\\blive|upgrad\\w+|install\\w*|sync\\w*|run(?=\\b[^,;]*\\b(deploy|apply|releas|publish|promot|upgrad|rollout|up\\b))|hit it|swap\\w*|recreat\\w*|taint\\w*|ships?|bring up|launch\\w*|ausroll\\w*|rolle?\\b.*\\baus|desplieg\\w*|despleg\\w*|deploi\\w*|sube\\w*|publica\\w*|publie\\w*|veroffentlich\\w*|wypchnij|wypu[sś]\\w*|opublikuj|sobe|sub[ae]\\b'

const COPY =
  'cop\\w+|upload\\w*|put|drop|send|sync\\w*|push\\w*|mirror\\w*|rsync|scp|back ?up|ship|get|move|place|deliver|kopier\\w*|copi\\w*|sube\\w*|hochlad\\w*|lad\\w*\\b.*\\bhoch|televers\\w*|envoi\\w*'

const RUN =
  'run|rerun|re-run|rod[ae]|start\\w*|execut\\w+|trigger\\w*|launch\\w*|kick\\w*|fire\\w*|invok\\w+|carry|play|do|perform|migrat\\w+|appl(y|ies)|use|go ahead with|starte\\w*|lauf\\w*|fuhr\\w*|spiel\\w*|ausfuhr\\w*|ejecut\\w*|corre\\w*|lanz\\w+|lance\\w*|execut\\w*|demarr\\w*'

/** The first row that fits a command is the one: what is particular stands before what is general. */
const VERBS: readonly Verb[] = [
  {
    does: /--no-verify\b|\bHUSKY=0|--admin\b|\bSKIP=|--skip-(check|hook|verif)/i,
    said: '--no-verify\\b|skip\\w*|bypass\\w*|without|no[- ]verify|no hooks?|ignor\\w+|admin\\w*|override|past the|around the|uberspring\\w*|ohne|salta\\w*|sin|saute\\w*|sans',
  },
  {
    does: /\bpush\b.*(--force|\s-f\b|\s\+)|--mirror\b/i,
    said: '--force\\b|f(or|ro)ce[- ]?push\\w*|fpush\\w*|(force|-f)\\b[^,;]*\\w*push\\w*|\\w*push\\w*\\b[^,;]*?\\b(force\\w*|-f)|forc\\w+\\b[^,;]*?\\bpush\\w*|force[- ]with[- ]lease|overwrit\\w+|uberschreib\\w*|forz\\w+|fuerza\\w*',
  },
  {
    does: /\b(s3|gsutil|storage)\b.*\b(sync|rsync|cp)\b|^\s*(rsync|scp)\b/i,
    said: COPY,
  },
  {
    does: /usermod\b.*(-L|--lock)|passwd -l\b|\block\b/i,
    said: 'lock\\w*|disabl\\w+|block\\w*|deactivat\\w+|sperr\\w*|bloque\\w*',
  },
  {
    does: /visibility[ =]+"?public|--public\b|:public-read/i,
    said: 'public|publishw*|openw*|offentlich|publico|publique',
  },
  { does: /visibility[ =]+"?private/i, said: 'private|hide|privat|privado' },
  {
    does: /commit\b.*--amend/i,
    said: 'amend\\w*|fix ?up|squash\\w*|fold|reword\\w*|add\\w*\\b[^,;]*\\b(last|previous) commit',
  },
  {
    does: /\brebase\b|filter-(branch|repo)|--onto\b/i,
    said: 'rebas\\w*|squash\\w*|rewrit\\w+|reword\\w*|fixup|filter|reorder\\w*|scrub\\w*|vanish|expunge|filter-repo|strip\\w*|purg\\w+|remov\\w+',
  },
  {
    does: /\b(rollback|roll-back|undo|revert)\b|\bdown \d/i,
    said: 'roll\\w*\\b[^,;]*?\\bback|rollback\\w*|undo\\w*|revert\\w*|back (to|out)|go back|zuruck\\w*|reviert\\w*|rollback|retour',
  },
  {
    does: /\breboot\b|shutdown\b.*\s-r/i,
    said: 'reboot\\w*|bounc\\w+|power[- ]?cycl\\w+|re-?start\\w*(?=\\s+(?:the |this |that |both |die |den )?(?:box|machine|host|server|vm|node|instance|runner|it|them|both|rechner|[\\w.-]*\\d))|start\\w*\\b[^,;]*?\\bneu|neu ?start\\w*|reinici\\w*|redemarr\\w*|relanc\\w*|kick\\w*|cycl\\w+',
  },
  {
    does: /pg_(terminate|cancel)_backend/i,
    said: `pg_terminate_backend|pg_cancel_backend|${STOP}`,
  },
  {
    does: /\bufw (deny|reject)\b|\biptables\b.*(DROP|REJECT)/i,
    said: 'den(y|ies)|block\\w*|ban|drop|reject\\w*|sperr\\w*|bloque\\w*',
  },
  { does: /\b(curl|wget)\b.*\|\s*(sudo\s+)?(ba|z)?sh\b/s, said: `install\\w*|pipe\\w*|${RUN}` },
  { does: /force-unlock/i, said: '(force-)?unlock\\w*' },
  { does: /\bdeprecate\b/i, said: 'deprecat\\w*' },
  { does: /\brerun\b/i, said: 're-?run\\w*|again|retry|restart\\w*' },
  { does: /grep -v\b.*\bcrontab\b/is, said: DELETE },
  {
    does: /\b(restart|recycle)\b|apps:restart|force-new-deployment/i,
    said: 'restart\\w*|reboot\\w*|bounc\\w+|kick\\w*|cycl\\w+|recycl\\w+|power[- ]cycl\\w+|re-?start\\w*|start\\w*\\b[^,;]*?\\bneu|neu ?start\\w*|neustart\\w*|reinici\\w*|redemarr\\w*|relanc\\w*|riavvia',
  },
  {
    does: /\breload\b/i,
    said: 'reload\\w*|restart\\w*|bounc\\w+|refresh\\w*|neu lad\\w*|lade?\\b.*\\bneu|recarg\\w*|recharg\\w*',
  },
  { does: /\b(archive)\w*\b/i, said: 'archiv\\w*|shelve|mothball' },
  { does: /\b(uncordon)\b/i, said: 'uncordon\\w*|back (in|into)' },
  {
    does: /\bdrain\b|\bevict\b/i,
    said: 'drain\\w*|evacuat\\w+|evict\\w*|empty|leer\\w*|vacia\\w*|vide\\w*',
  },
  { does: /\bcordon\b/i, said: 'cordon\\w*|unschedulable' },
  {
    does: /\bscale\b|--replicas|--desired-(count|capacity)|ps:scale|resize|--instance-class|--tier\b/i,
    said: 'scal\\w+|to (zero|0)|take\\b[^,;]*\\b(down|to)|resiz\\w+|set|bring|bump|shrink|grow|zero|down to|up to|replicas?|instances?|dynos?|upgrad\\w+|downgrad\\w+|skalier\\w*|escal\\w*|(turn|shut|switch)\\w*\\b[^,;]*?\\b(off|down)',
  },
  {
    does: /\bs?cancel\w*\b/i,
    said: 's?cancel\\w*|stop\\w*|kill\\w*|abort\\w*|call off|abbrech\\w*|brich\\b.*\\bab|cancel\\w*|annul\\w*',
  },
  {
    does: /\b(merge)\b/i,
    said: 'merg\\w+|land|squash\\w*|get\\b[^,;]*\\bin|mergea\\w*|fusiona\\w*|zusammenfuhr\\w*',
  },
  {
    does: /\b(close)\b|"?state"?[=: ]+"?closed/i,
    said: 'clos\\w+|shut\\w*|schlie(ß|ss)\\w*|zumachen|mach\\b.*\\bzu|cierr\\w*|cerrar|ferm\\w*',
  },
  { does: /\bpr review\b.*--approve|\bapprove\b/i, said: 'approv\\w+|stamp|sign off|lgtm' },
  { does: /\brotate\b/i, said: 'rotat\\w+|cycl\\w+|renew\\w*|roll' },
  {
    does: /\brefund\w*\b/i,
    said: 'refund\\w*|(give|pay|send)\\w*\\b[^,;]*\\bback|ruckerstatt\\w*|erstatt\\w*|reembols\\w*|devuelv\\w*|rembours\\w*',
  },
  {
    does: /remove-(iam|user|member|role)|\bdetach\b|\brevoke\b|secret\s+(delete|remove)|remove-iam-policy-binding|delete-access-key/i,
    said: `revok\\w+|strip\\w*|withdraw\\w*|detach\\w*|take\\b[^,;]*\\b(away|from|off)|entzieh\\w*|retir\\w+|${DELETE}`,
  },
  {
    does: /\bdiscard\b|\breset\b.*--hard|\bcheckout\b.*\s--?\s|\bcheckout\s+(--\s+)?\.|\bgit\s+(-C \S+ )?(restore|clean|stash (drop|clear)|checkout -f)\b/i,
    said: `discard\\w*|reset\\w*|revert\\w*|undo\\w*|restor\\w+|back to (HEAD|the last commit)|check ?out|forget|verwirf\\w*|verwerf\\w*|zurucksetz\\w*|setz\\w*\\b.*\\bzuruck|descart\\w*|annul\\w*|abandon\\w*|${DELETE}`,
  },
  {
    does: /\bDEL\b|\bUNLINK\b|\btruncate\b|\bflush\w*\b|purge[-_ ]?queue|\bpurge\b|\bdelete\s+from\b|deleteMany|\bFLUSH|stash clear|cache:clear|invalidat/i,
    said: `empt\\w+|truncat\\w+|flush\\w*|zero|invalidat\\w+|\\w*leer\\w*|vacia\\w*|vide\\w*|vider|${DELETE}`,
  },
  {
    does: /\b(pg:reset|migrate\W+reset|db:reset|db reset|prisma migrate reset|migrate:fresh)\b/i,
    said: `reset\\w*|rebuild|from scratch|${DELETE}`,
  },
  {
    does: /toggle-off|\bdisable\b|\bsuspend\b|\bpause\b|maintenance:on|\/off\b|\bmask\b|\bmute\b|"?enabled"?[=: ]+false/i,
    said: 'disabl\\w+|deactivat\\w+|(turn|switch|flip|toggle|flick)\\w*\\b[^,;]*?\\boff|off|suspend\\w*|paus\\w+|mut\\w+|kill\\w*|stop\\w*|mask\\w*|(ab|aus)schalt\\w*|schalt\\w*\\b.*\\b(ab|aus)|deaktivier\\w*|desactiv\\w*|apag\\w*|desactiv\\w*|coupe\\w*',
  },
  {
    does: /toggle-on|\benable\b|\bactivate\b|\/on\b|"?enabled"?[=: ]+true/i,
    said: 'enabl\\w+|activat\\w+|(turn|switch|flip|toggle|flick)\\w*\\b[^,;]*?\\bon|on|launch\\w*|live|(ein|an)schalt\\w*|schalt\\w*\\b.*\\b(an|ein)|aktivier\\w*|activ\\w*|enciend\\w*|allum\\w*',
  },
  {
    does: /\b(uninstall|unpublish|yank|terminate|destroy|delete|deleted|remove|rm|rmi|rb|drop|dropdb|dropDatabase|prune|erase|unlink|trash|shred|userdel|deluser|rmdir|DELETE|teardown|purge|wipe|delete-\w[\w-]*|terminate-\w[\w-]*|remove_\w+|delete_\w+)\b|\bdown\s+(-v|--volumes|--rmi)|\bpush\b.*\s:\S|branch\s.*-[dD]\b|-X\s?DELETE/i,
    said: DELETE,
  },
  {
    does: /\b(stop|shutdown|poweroff|halt|kill|pkill|killall|bootout|down|stop-\w[\w-]*)\b/i,
    said: STOP,
  },
  {
    does: /\b(pg_restore|restore|import)\b/i,
    said: 'restor\\w+|load\\w*|import\\w*|recover\\w*|bring back|replay|wiederherstell\\w*|stell\\w*\\b.*\\bwieder|einspiel\\w*|spiel\\w*\\b.*\\bein|restaur\\w*|import\\w*',
  },
  {
    does: /role assignment create|\bGRANT\b|add-iam|add-member|collaborators|\bgrant\b|\binvite\w*\b|\battach-\w+|authorize-|\bufw allow|firewall-rules create|--public\b|visibility|put-bucket-policy|put-public|usermod|chmod|chown|create-access-key|rolebinding/i,
    said: 'grant\\w*|assign\\w*|gets?|creat\\w+|giv\\w+|add\\w*|invit\\w+|allow\\w*|permit\\w*|attach\\w*|let|open\\w*|mak\\w+|shar\\w+|expos\\w+|public|authoriz\\w+|whitelist\\w*|put|set|chmod|chown|gib|gebt|dale|dar|danos|anad\\w*|donne\\w*|ajout\\w*|ouvr\\w*|offne\\w*|abr[ei]\\w*',
  },
  {
    does: /\bngrok\b|cloudflared|\bssh\b.*\s-[A-Za-z]*[RL]\b|localtunnel|\bbore\b/i,
    said: '(start|open|run|bring up|make|set up|give|need|fire up|offne|abre|ouvr)\\w*\\b[^,;]*\\b(ngrok|\\w*tunnel\\w*|cloudflared)|ngrok|\\w*tunnel\\w*|expos\\w+|(port[- ])?forward\\w*',
  },
  {
    does: /post_?message|send\w*|notify|create_?comment|add_?comment|\bcomment\b|\breply\b|\bmail\b|slack|discord|telegram/i,
    said: 'post(s|ed|ing)?|(add|leave|put)\\b[^,;]*\\b(comment|note|message|reply)|send\\w*|writ\\w+|tell|announc\\w+|messag\\w+|dm|ping\\w*|notif\\w+|(e-?)?mail\\w*|drop|repl\\w+|comment\\w*|answer\\w*|let\\b[^,;]*\\bknow|say|leave|inform\\w*|schick\\w*|send\\w*|schreib\\w*|antwort\\w*|sag|manda\\w*|manda\\w*|envia\\w*|escrib\\w*|avis\\w*|publica\\w*|envoi\\w*|envoy\\w*|ecri\\w*|previen\\w*',
  },
  {
    does: /\bpublish\b|\b(gem|docker|podman|nuget|helm|poetry|pod trunk)\s+push\b|twine upload|\bupload\b|cargo publish|:publish|deploy:deploy/i,
    said: DEPLOY,
  },
  {
    does: /^\s*(sudo )?dd\b|write_flash/i,
    said: 'dd|writ\\w+|flash\\w*|burn\\w*|image|put|schreib\\w*',
  },
  { does: /\bhelm\b.*\b(upgrade|install)\b/i, said: DEPLOY },
  // What is fetched and then run needs what it is made of.
  { does: /\bgit clone\b.*\binstall\b/s, said: `install\\w*|${RUN}` },
  {
    does: /\binstall\b|composer require|\brequire\b|\bapt(-get)?\b|\bbrew\b|\badd\b|\bpip\b/i,
    said: 'install\\w*|add\\w*|put|get|pull in|use|upgrad\\w+|updat\\w+|installier\\w*|instal\\w*|anad\\w*|ajout\\w*',
  },
  {
    does: /\bdeploy\w*\b|\bapply\b|\brollout\b|\brelease\b|\bpromote\b|\bhelm (upgrade|install)|\bup\b|\bpush\b|supply|pilot|\bdeliver\b|--prod\b|publish|\bswap\b|\btaint\b|update-service|update-function-code|\bsubmit\b|\bsync\b/i,
    said: DEPLOY,
  },
  {
    does: /\b(mv|move|transfer|rename)\b/i,
    said: 'mov\\w+|transfer\\w*|put|renam\\w+|relocat\\w+|shift|mv|verschieb\\w*|schieb\\w*|umbenenn\\w*|mueve\\w*|mover|pasa\\w*|renombra\\w*|depla\\w*|renomm\\w*|hand',
  },
  {
    does: /\b(cp|rsync|scp|copy|sync)\b/i,
    said: COPY,
  },
  {
    does: /\b(create|new|open|make|register|schedule|book|insert|run-instances)\w*\b|create[-_]\w+/i,
    said: 'creat\\w+|open\\w*|mak\\w+|add\\w*|set ?up|fil\\w+|cut|book\\w*|schedul\\w+|put|spin\\w*|provision\\w*|start|launch\\w*|insert\\w*|register\\w*|tag|draft|invite|erstell\\w*|leg\\w*|anleg\\w*|mach\\w*|crea\\w*|abr[ei]\\w*|cre\\w*|ouvr\\w*|agend\\w*',
  },
  {
    does: /psql\b.*\s-f\s|\b(start|run|exec|execute|playbook|trigger|invoke|dispatch|call|migrate|db:migrate|enqueue|alembic|manage\.py|rake|artisan)\b|ansible/i,
    said: RUN,
  },
  {
    does: /\b(set|update|upsert|change|edit|put|patch|config\w*|modify|tee|append|traffic|label|annotate|assign|transition|sed|crontab|hosts|write|alter|deactivate|point)\w*\b|>>|[-_:](set|update|change|edit)\b|UPSERT/i,
    said: `set\\w*|upsert\\w*|lig[ae]|chang\\w+|updat\\w+|point\\w*|switch\\w*|put|append\\w*|add\\w*|bump\\w*|rais\\w+|lower\\w*|mak\\w+|edit\\w*|modif\\w+|mov\\w+|assign\\w*|turn\\w*|flip\\w*|send|writ\\w+\\b[^,;]*\\b(to|into|in)|comment\\w*|adjust\\w*|patch\\w*|repoint\\w*|swap\\w*|replac\\w+|fix\\w*|configur\\w+|tag|label\\w*|route|shift|insert\\w*|->|=|→|setz\\w*|stell\\w*|ander\\w*|trag\\w*|hang\\w*|cambia\\w*|pon\\w*|anad\\w*|agreg\\w*|mets|met|chang\\w*|ajout\\w*|modifi\\w*|${DELETE}`,
  },
]

/** Without names, that may hold a verb, and without what is only said. */
function plainWords(command: string): string {
  const [tool = ''] = command.split(/\s/)
  if (tool.startsWith('mcp__'))
    return `${tool.replaceAll('_', ' ')} ${/\b(delete\s+from|drop\s+\w+|truncate|update|insert\s+into|grant|revoke)\b/i.exec(command)?.[0] ?? ''}`
  return command
    .replace(/\s(-\w*m|-b|--message|--body|--title|--comment|--notes)[= ](?:"[^"]*"|'[^']*')/g, ' ')
    .replace(/-?-?auto-approve|\bgcloud run\b/g, ' ')
    .split(/\s+/)
    .map(word =>
      /@|^(https?|s3|gs):|^[~.]?\/?[\w-]+\/|^(?!(?:s3|s3api|ec2|route53|k8s)$)[\w-]*\d[\w-]*$|^[\w-]+\.(ya?ml|json|tf|sql|sh|py|ts|js|rb|go|rs|php|pl|toml|md|dump)$|^[a-z]+-[a-z]+-[a-z-]+$/i.test(
        word.replace(/['"]/g, ''),
      ) &&
      !/^(delete|terminate|remove|add|stop|put|update|force|purge|authorize|create|attach|detach|modify|reboot|set|revoke|send)-|^-/.test(
        word.replace(/['"]/g, ''),
      )
        ? '_'
        : word,
    )
    .join(' ')
}

/**
 * @param command as it is run
 * @returns the words that ask for what it does; null when it is not known what that is
 */
export function wordsFor(command: string): RegExp | null {
  const text = plainWords(command)
  const spaced = text.replaceAll('_', ' ')
  const verb = VERBS.find(it => it.does.test(text) || it.does.test(spaced))
  return verb === undefined
    ? null
    : new RegExp(
        `(?<![\\w/.@]|(?:^|\\s)--?|\\b(?:pre|post|non|auto|un)-)(${verb.said})(?![\\w/@-]|\\.\\w)`,
        'giu',
      )
}

const ANY = new RegExp(
  `(?<![\\w/.@-])(${VERBS.map(it => it.said.replace(/\|(off|on|=|->|→)(?=\||$)/g, '')).join('|')})(?![\\w/@-]|\\.\\w)`,
  'iu',
)

/** Whether a text has any of the verbs. */
export function isVerb(text: string): boolean {
  return ANY.test(text)
}
