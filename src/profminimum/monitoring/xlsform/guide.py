"""What must an author in Excel know? The columns of a form's workbook with their meaning, in their order."""

from __future__ import annotations

from typing import Final, NamedTuple


class Column(NamedTuple):
    """A heading of a sheet, its width in characters, and what it is for."""

    name: str
    width: int
    ru: str
    en: str


RU, EN = "Русский (ru)", "English (en)"
SURVEY: Final = (
    Column("type", 26, "Тип вопроса; у выбора — с именем списка: select_one levels", "Type of the question"),
    Column("name", 22, "Имя: латинские буквы, цифры, «_»; не повторяется в форме", "Name, unique in the form"),
    Column(f"label::{RU}", 56, "Вопрос, как его увидят", "The question in Russian"),
    Column(f"label::{EN}", 40, "Вопрос по-английски", "The question in English"),
    Column(f"hint::{RU}", 46, "Подсказка под вопросом", "The hint in Russian"),
    Column(f"hint::{EN}", 34, "Подсказка по-английски", "The hint in English"),
    Column("required", 10, "yes — отвечать обязательно; можно правило", "yes: an answer is wanted; or a rule"),
    Column("relevant", 30, "Когда показывать: ${order} = 'yes'", "When it is shown"),
    Column(
        "constraint",
        34,
        "Что должно быть верно; «.» — сам ответ: . <= ${pupils}",
        "What must hold; «.» is the answer",
    ),
    Column(f"constraint_message::{RU}", 44, "Что исправить, если неверно", "What to mend, in Russian"),
    Column(f"constraint_message::{EN}", 34, "То же по-английски", "What to mend, in English"),
    Column("calculation", 34, "Формула типа calculate: sum(${covered})", "The formula of calculate"),
    Column("default", 12, "Значение, с которого начинают", "The value to begin with"),
    Column("choice_filter", 24, "Какие варианты предлагать: region = ${region}", "Which choices are offered"),
    Column("read_only", 10, "yes — только показать", "yes: shown, not typed"),
    Column("appearance", 12, "multiline — длинный текст", "multiline: a long text"),
    Column("repeat_count", 12, "Число записей повтора, если оно постоянно", "Entries of a repeat when fixed"),
    Column("pm:kind", 12, "Наш вид: amount, long, person, yesno, table", "Our kind of question"),
    Column(f"pm:unit::{RU}", 12, "Единица измерения: ч, чел., %", "The unit in Russian"),
    Column(f"pm:unit::{EN}", 12, "Единица по-английски", "The unit in English"),
    Column("pm:rows", 14, "Строки таблицы: имя списка с листа choices", "Rows of a table: a list of choices"),
    Column(
        "pm:source",
        26,
        "Откуда взять ответ: registry:pupils, register:level.hours, last:имя",
        "Where it is known from",
    ),
    Column("pm:register", 26, "Куда пишется принятый ответ: level.hours", "Which register an answer goes to"),
    Column("pm:summary", 12, "Свод: sum, mean, median, share, none", "How it is summed up"),
    Column("pm:least", 10, "Наименьшее число", "The least number"),
    Column("pm:most", 10, "Наибольшее число", "The most"),
    Column("pm:decimals", 10, "Знаков после запятой", "Digits after the point"),
    Column("pm:longest", 10, "Знаков текста, не больше", "Characters of a text at most"),
    Column("pm:severity", 12, "warning — constraint только предупреждает", "warning: the constraint only warns"),
    Column("pm:check", 34, "Вторая проверка того же вопроса", "A second check of the question"),
    Column(f"pm:check_message::{RU}", 44, "Что исправить", "What to mend, in Russian"),
    Column(f"pm:check_message::{EN}", 34, "То же по-английски", "What to mend, in English"),
    Column("pm:check_severity", 12, "error или warning", "error or warning"),
    Column("pm:at_least", 10, "Записей повтора, не меньше", "Entries of a repeat at least"),
    Column("pm:at_most", 10, "Записей повтора, не больше", "Entries of a repeat at most"),
)
CHOICES: Final = (
    Column("list_name", 20, "Имя списка", "Name of the list"),
    Column("name", 20, "Имя варианта, без пробелов", "Name of the choice, no spaces"),
    Column(f"label::{RU}", 50, "Вариант, как его увидят", "The choice in Russian"),
    Column(f"label::{EN}", 40, "Вариант по-английски", "The choice in English"),
)
SETTINGS: Final = (
    Column("form_title", 50, "Название формы", "Title of the form"),
    Column("form_id", 22, "Имя формы: латинские буквы, цифры, «_»; версии с одним именем сменяют друг друга", "Name"),
    Column("version", 14, "Ваша пометка версии", "Your mark of the version"),
    Column("default_language", 18, "Язык столбцов без языка", "Language of columns without one"),
    Column(f"pm:title::{EN}", 44, "Название по-английски", "The title in English"),
    Column(f"pm:note::{RU}", 60, "Пояснение над первым вопросом", "What stands above the first question"),
    Column(f"pm:note::{EN}", 50, "То же по-английски", "The same in English"),
)
CHECKS: Final = (
    Column("name", 20, "У какого вопроса показать; пусто — у всей формы", "At which question; empty: the whole form"),
    Column(
        "rule",
        60,
        "Что должно быть верно. Здесь можно ${last.имя}, ${registry.pupils}, ${register.level.hours}",
        "Rule",
    ),
    Column("severity", 12, "error или warning", "error or warning"),
    Column(f"message::{RU}", 60, "Что исправить", "What to mend, in Russian"),
    Column(f"message::{EN}", 50, "То же по-английски", "What to mend, in English"),
)
TYPES: Final = (
    Column("integer", 0, "целое число", "a whole number"),
    Column(
        "decimal",
        0,
        "число с дробной частью; с pm:kind amount — величина с единицей",
        "a number; amount: with a unit",
    ),
    Column("text", 0, "строка; с pm:kind long — длинный текст, person — лицо", "a text; long; person"),
    Column("date", 0, "дата", "a date"),
    Column("select_one СПИСОК", 0, "один вариант; с pm:kind yesno — да или нет", "one of; yesno: yes or no"),
    Column("select_multiple СПИСОК", 0, "несколько вариантов", "several of"),
    Column("acknowledge", 0, "да или нет без списка", "yes or no without a list"),
    Column("note", 0, "пояснение без ответа", "a note without an answer"),
    Column("calculate", 0, "вычисляется по формуле из calculation", "calculated by the formula"),
    Column("file", 0, "файл: скан или фотография документа", "a file"),
    Column("begin group … end group", 0, "раздел; с pm:kind table — таблица", "a section; table: a table"),
    Column("begin repeat … end repeat", 0, "записи, которых бывает несколько", "entries, as many as there are"),
)
SUGGESTED: Final = (  # what the drop-down of the column «type» offers
    "integer", "decimal", "text", "date", "select_one ", "select_multiple ", "acknowledge", "note", "calculate",
    "file", "begin group", "end group", "begin repeat", "end repeat",
)  # fmt: skip
LINES: Final = (
    "Книга устроена как XLSForm: на листе survey вопросы по порядку, на choices варианты, на settings название.",
    "Столбцы pm:… и лист checks — наши; другие программы XLSForm их пропускают. Пустые столбцы можно удалить.",
    "Загрузите книгу на странице «Формы»: ошибки будут названы по ячейкам, исправленную книгу загрузите снова.",
    "Разделы формы — begin group … end group верхнего уровня. Внутри таблицы (pm:kind table) стоят её столбцы.",
    "Правила: ${имя} — ответ, «.» — ответ этого же вопроса; = != < <= > >= + - * div mod and or; not(), if(), sum()…",
    "Предупреждение (warning) не мешает отправить форму, но просит пояснение; ошибка (error) мешает.",
)
