//! Words with a meaning of their own in names and addresses. General knowledge of languages, not of any data.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Titles before and behind a person's name.
#[rustfmt::skip]
pub const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mister", "dr", "prof", "professor", "sir", "dame", "lady", "lord", "rev", "reverend", "herr", "frau", "mme", "mlle", "monsieur",
    "madame", "sr", "sra", "srta", "dott", "ing", "dipl", "jr", "esq", "phd", "baron", "baronet", "earl", "duke", "viscount", "count", "hon",
];

/// Words that say what kind of company it is, not which.
#[rustfmt::skip]
pub const LEGAL_FORMS: &[&str] = &[
    "ab", "ag", "aps", "as", "asa", "bv", "bvba", "co", "company", "corp", "corporation", "cv", "doo", "ehf", "eirl", "eood", "ev", "eurl", "gmbh", "ggmbh", "inc",
    "incorporated", "kft", "kg", "kgaa", "kk", "lda", "limited", "limitada", "llc", "llp", "lp", "ltd", "ltda", "nv", "ohg", "oo", "ood", "oy", "oyj", "plc", "pty",
    "proprietary", "pvt", "private", "pte", "sa", "sad", "sarl", "sas", "se", "sia", "sl", "slu", "snc", "sp", "spa", "spol", "sro", "srl", "uab", "ug", "vof", "zoo", "zrt", "sti", "pt", "tbk", "sdn", "bhd", "tnhh",
];

/// Words between words.
#[rustfmt::skip]
pub const FILLERS: &[&str] = &[
    "the", "of", "and", "for", "at", "in", "on", "to", "a", "an", "de", "des", "du", "d", "la", "le", "les", "l", "et", "pour", "en", "del", "de", "los", "las", "el", "y", "e",
    "da", "do", "dos", "das", "di", "della", "dello", "delle", "dei", "degli", "per", "il", "und", "der", "die", "das", "fur", "fuer", "von", "van", "het", "een", "voor", "og",
    "och", "for", "i", "w", "z", "na", "im", "am", "zu", "zur", "zum", "o",
];

/// Kinds of organisation: one word for what languages call differently.
#[rustfmt::skip]
const KINDS: &[(&str, &[&str])] = &[
    ("university",  &["universite", "universitat", "universitaet", "universidad", "universidade", "universita", "universiteit", "universitet", "universitetet", "uniwersytet", "univerzita",
                      "univerzitet", "univerza", "universitatea", "universitas", "universiti", "universitesi", "yliopisto", "panepistimio", "sveuciliste", "egyetem", "ulikool", "universitate",
                      "universitetas", "univ", "uni", "daigaku", "daehakgyo", "daxue", "universytet", "prifysgol", "ollscoil", "unibertsitatea", "universitario", "universitaire"]),
    ("institute",   &["institut", "instituto", "istituto", "instituut", "institutet", "instytut", "institutt", "instituttet", "institutul", "intezet", "enstitusu", "inst", "instituta", "ustav"]),
    ("hospital",    &["hopital", "hopitaux", "ospedale", "krankenhaus", "ziekenhuis", "sjukhus", "sjukhuset", "sygehus", "sykehus", "szpital", "nemocnice", "korhaz", "klinikum", "sairaala", "hastanesi", "spital", "spitalul"]),
    ("center",      &["centre", "centro", "zentrum", "centrum", "centr", "centrul", "kozpont", "keskus", "merkezi", "ctr", "senter", "tsentr", "ctre"]),
    ("research",    &["recherche", "recherches", "ricerca", "ricerche", "investigacion", "investigaciones", "pesquisa", "pesquisas", "forschung", "onderzoek", "forskning", "badan", "badawczy", "investigacao", "arastirma", "kutatokozpont"]),
    ("national",    &["nacional", "nazionale", "nationale", "nationales", "nationaal", "narodowy", "narodni", "nemzeti", "natl", "nationaux", "kansallinen", "ulusal"]),
    ("school",      &["escuela", "ecole", "escola", "scuola", "schule", "skola", "skole", "szkola", "skolan", "okul", "okulu", "iskola", "sch", "koulu"]),
    ("college",     &["colegio", "collegio", "colegiul", "kolej", "hogeschool", "fachhochschule", "hochschule", "hogskolan", "hogskole", "hogskolen", "coll"]),
    ("academy",     &["academia", "academie", "accademia", "akademie", "akademia", "akademi", "akademija", "akademiya", "acad", "akademisi"]),
    ("science",     &["sciences", "scienze", "scienza", "ciencia", "ciencias", "wissenschaft", "wissenschaften", "wetenschappen", "nauk", "nauka", "scientific", "scientifique", "cientifico", "cientificas", "sci", "bilim"]),
    ("technology",  &["technologie", "technologies", "tecnologia", "tecnologias", "technologia", "teknologi", "technological", "technologique", "tecnologico", "tech", "teknoloji", "technologii"]),
    ("technical",   &["technique", "techniques", "tecnica", "tecnico", "technische", "technisches", "techniczna", "teknik", "teknisk", "tekniska", "polytechnic", "polytechnique", "politecnico", "politecnica", "politechnika", "polytechnische"]),
    ("medical",     &["medicale", "medico", "medica", "medicina", "medicine", "medecine", "medizin", "medizinische", "medizinisches", "medyczny", "medicinsk", "med", "medisch", "tip"]),
    ("health",      &["sante", "salud", "saude", "salute", "gesundheit", "gezondheid", "halsa", "zdrowia", "saglik"]),
    ("foundation",  &["fondation", "fundacion", "fundacao", "fondazione", "stiftung", "stichting", "stiftelse", "stiftelsen", "fundacja", "fundacio", "vakfi", "nadace", "alapitvany"]),
    ("association", &["asociacion", "associacao", "associazione", "verein", "vereniging", "stowarzyszenie", "forening", "assoc", "assn", "asociatia", "dernegi"]),
    ("society",     &["societe", "sociedad", "sociedade", "societa", "gesellschaft", "selskab", "towarzystwo", "soc", "sallskapet"]),
    ("ministry",    &["ministere", "ministerio", "ministero", "ministerium", "ministerie", "ministerstwo", "ministerstvo", "bakanligi"]),
    ("department",  &["departement", "departamento", "dipartimento", "departement", "dept", "abteilung"]),
    ("faculty",     &["faculte", "facultad", "faculdade", "facolta", "fakultat", "faculteit", "wydzial", "fakulta", "fakultet"]),
    ("laboratory",  &["laboratoire", "laboratorio", "laboratorium", "labor", "lab", "labs", "laboratories", "laboratoires"]),
    ("library",     &["bibliotheque", "biblioteca", "bibliothek", "bibliotheek", "bibliotek", "biblioteka"]),
    ("museum",      &["musee", "museo", "museu", "muzeum", "muzeul"]),
    ("international", &["internacional", "internazionale", "internationale", "internationales", "internationaal", "intl", "miedzynarodowy"]),
    ("european",    &["europeen", "europeenne", "europeo", "europea", "europaisches", "europaische", "europees", "europeu"]),
    ("development", &["developpement", "desarrollo", "desenvolvimento", "sviluppo", "entwicklung", "ontwikkeling", "dev", "utveckling"]),
    ("engineering", &["ingenieria", "ingegneria", "ingenierie", "engenharia", "eng", "muhendislik"]),
    ("agriculture", &["agricultural", "agricole", "agricola", "agraria", "agronomique", "agronomica", "agrarian", "tarim", "landwirtschaft"]),
    ("environment", &["environmental", "environnement", "ambiente", "ambiental", "umwelt", "milieu"]),
    ("regional",    &["regionale", "regionales", "regionaal"]),
    ("catholic",    &["catholique", "catolica", "cattolica", "katholische", "katholieke", "katolicki"]),
    ("state",       &["estatal", "estadual", "statale", "staatliche", "gosudarstvenny", "derzhavnyy", "etat", "panstwowa"]),
    ("group",       &["groupe", "gruppe", "grupo", "gruppo", "grupa", "grp"]),
    ("service",     &["services", "servicio", "servicios", "servizi", "servicos", "dienst", "dienste", "svc", "svcs"]),
    ("brothers",    &["bros", "gebruder", "fratelli", "hermanos", "freres"]),
    ("manufacturing", &["mfg", "manufacture", "manufacturers"]),
    ("community",   &["comm", "communaute", "comunidad", "comunidade", "comunita"]),
    ("management",  &["mgmt", "gestion", "gestao", "gestione"]),
    ("st",          &["saint", "sainte", "sankt", "santa", "san", "sao", "santo", "sint"]),
];

/// Types of street and directions, as written out and as kept.
#[rustfmt::skip]
const STREET_WORDS: &[(&str, &[&str])] = &[
    ("st",   &["street", "str", "saint", "strasse", "straat", "strase"]),      ("av",   &["avenue", "ave", "aven", "avda", "avenida"]),
    ("rd",   &["road"]),                                  ("dr",   &["drive", "drv"]),                 ("ln",   &["lane"]),
    ("ct",   &["court", "crt"]),                          ("pl",   &["place", "plaza", "platz", "piazza", "plac", "plein"]), ("cr",   &["crescent", "cres", "cresc"]),
    ("cir",  &["circuit", "cct", "circle", "circ"]),      ("bd",   &["boulevard", "blvd", "bvd", "boul"]), ("hw",   &["highway", "hwy"]),
    ("pde",  &["parade"]),                                ("tce",  &["terrace", "ter", "terr"]),       ("cl",   &["close"]),
    ("gr",   &["grove", "gve"]),                          ("sq",   &["square"]),                       ("pk",   &["parkway", "pkwy", "pky"]),
    ("gdn",  &["gardens", "garden", "gdns"]),             ("wy",   &["way"]),                          ("gt",   &["gate"]),
    ("n",    &["north", "nord"]),                         ("s",    &["south", "sud"]),                 ("e",    &["east"]),
    ("w",    &["west"]),                                  ("rue",  &["r"]),                            ("calle", &["cl", "c"]),
    ("via",  &["viale"]),                                 ("ul",   &["ulica"]),                        ("apt",  &["apartment", "unit", "flat", "suite", "ste", "wohnung", "appt"]),
    ("fl",   &["floor"]),                                 ("box",  &["postbox", "pobox"]),             ("bldg", &["building"]),
];

/// First names and what they are called for short; the first of a row stands for all.
#[rustfmt::skip]
const SHORT_NAMES: &[&[&str]] = &[
    &["william", "bill", "will", "billy", "willie", "liam", "wm"], &["robert", "bob", "rob", "bobby", "robbie", "bert"], &["richard", "dick", "rick", "rich", "ricky"],
    &["john", "jack", "johnny", "jon", "johann", "jean", "juan", "giovanni", "jan", "ian", "hans", "ivan"], &["james", "jim", "jimmy", "jamie", "jas"],
    &["charles", "charlie", "chuck", "carl", "karl", "carlos", "chas"], &["edward", "ed", "eddie", "ted", "ned", "edgar", "edwin", "edmund"], &["henry", "harry", "hank", "heinrich", "henri", "enrique"],
    &["thomas", "tom", "tommy", "thos"], &["george", "georg", "georges", "jorge", "giorgio", "geo"], &["joseph", "joe", "jos", "josef", "jose", "giuseppe"], &["michael", "mike", "mick", "mickey", "michel", "miguel", "micheal"],
    &["frederick", "fred", "freddie", "frederic", "friedrich", "alfred", "alf", "freddy"], &["francis", "frank", "francois", "francisco", "franz", "francesco"], &["samuel", "sam", "sammy"],
    &["benjamin", "ben", "benny"], &["daniel", "dan", "danny"], &["david", "dave", "davy"], &["peter", "pete", "pierre", "pedro", "pietro", "petr"], &["paul", "pablo", "paolo", "pavel"],
    &["anthony", "tony", "antonio", "anton", "antoine", "ant"], &["andrew", "andy", "drew", "andreas", "andre", "andrea"], &["alexander", "alex", "alec", "sandy", "xander", "alexandre"], &["christopher", "chris", "kit", "christoph", "christophe"],
    &["matthew", "matt", "matthias", "matthieu"], &["nicholas", "nick", "nicolas", "nikolaus"], &["stephen", "steve", "steven", "stefan", "stephan"], &["philip", "phil", "phillip", "philippe"], &["lawrence", "larry", "laurence"],
    &["walter", "walt", "wally"], &["arthur", "art"], &["albert", "al", "bertie"], &["gerald", "gerry", "jerry"], &["patrick", "pat", "paddy"], &["kenneth", "ken", "kenny"], &["ronald", "ron", "ronnie"],
    &["donald", "don"], &["douglas", "doug"], &["gregory", "greg"], &["jeffrey", "jeff", "geoffrey", "geoff"], &["leonard", "len", "leo"], &["raymond", "ray"], &["timothy", "tim"], &["theodore", "theo"],
    &["vincent", "vince"], &["zachary", "zach", "zac"], &["joshua", "josh"], &["jonathan", "jonny", "jonathon"], &["nathaniel", "nathan", "nat"], &["oliver", "ollie", "olly"], &["dominic", "dom"], &["lewis", "lew", "louis", "luis", "ludwig", "luigi", "lou"],
    &["elizabeth", "liz", "beth", "betty", "lizzie", "eliza", "elisabeth", "bess", "lisa", "libby"], &["margaret", "maggie", "meg", "peggy", "marguerite", "greta", "margarita"], &["mary", "maria", "marie", "molly", "polly", "mae"],
    &["catherine", "kate", "katherine", "kathy", "cathy", "katie", "kathleen", "catharine", "kitty", "katharina"], &["anne", "ann", "anna", "annie", "annette", "hannah", "nancy"], &["jane", "jenny", "janet", "joan", "jeanne"],
    &["susan", "sue", "susanna", "suzanne", "susie"], &["sarah", "sally", "sara", "sadie"], &["helen", "nell", "ellen", "eleanor", "nellie", "helena", "elena"], &["alice", "alicia", "ally"], &["caroline", "carrie", "carolyn", "carolina"],
    &["charlotte", "lottie"], &["christina", "tina", "christine", "chrissie", "kristina"], &["dorothy", "dot", "dolly"], &["emily", "em", "emmy", "millie", "emilia"], &["florence", "flo"], &["frances", "fanny", "fran"],
    &["georgina", "georgie", "georgia", "georgiana"], &["isabella", "bella", "isabel", "isobel"], &["jacqueline", "jackie"], &["jennifer", "jen", "jenn"], &["jessica", "jess", "jessie"], &["josephine", "josie"], &["judith", "judy"], &["katrina", "trina"],
    &["lucy", "lucia", "lucille"], &["louise", "luise", "louisa"], &["martha", "mattie"], &["matilda", "tilly"], &["patricia", "patty", "trish"], &["rebecca", "becky", "bec"], &["rachel", "rach"], &["rosemary", "rosie", "rose"],
    &["samantha", "sammie"], &["victoria", "vicky", "tori"], &["virginia", "ginny"], &["theresa", "terry", "teresa", "tess"], &["amelia", "amy", "milly"], &["abigail", "abby", "abbey", "gail"], &["madeleine", "maddie", "madison", "madeline"],
];

/// Word → its one spelling.
type Spellings = LazyLock<HashMap<&'static str, &'static str>>;

fn spellings(rows: &[(&'static str, &[&'static str])]) -> HashMap<&'static str, &'static str> {
    rows.iter().flat_map(|(one, names)| names.iter().map(|name| (*name, *one))).collect()
}

/// The one word for a kind of organisation, or the word itself.
pub fn kind_of_organisation(word: &str) -> &str {
    static MADE: Spellings = LazyLock::new(|| spellings(KINDS));
    MADE.get(word).copied().unwrap_or(word)
}

/// A type of street or a direction abbreviated, or the word itself.
pub fn street_word(word: &str) -> &str {
    static MADE: Spellings = LazyLock::new(|| spellings(STREET_WORDS));
    MADE.get(word).copied().unwrap_or(word)
}

/// Whether a kept word of a street names only its type or direction.
pub fn is_plain_street_word(word: &str) -> bool {
    word.len() < 2 || (word.len() <= 5 && STREET_WORDS.iter().any(|(short, _)| *short == word))
}

/// The full form of a first name that is known for short, or the name itself.
pub fn root_of_name(name: &str) -> &str {
    static MADE: Spellings =
        LazyLock::new(|| SHORT_NAMES.iter().flat_map(|names| names.iter().map(|n| (*n, names[0]))).collect());
    MADE.get(name).copied().unwrap_or(name)
}
