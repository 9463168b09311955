"""`manage.py translations`: compile the catalogues; `extract` writes them from the source; `check` says what is not right."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from rainbowrail.devtools.catalogues import (
    SOURCE_LANGUAGE,
    begun,
    catalogues,
    code_of,
    compiled,
    extract,
    gaps,
    missing,
    out_of_date,
    problems,
)


class Command(BaseCommand):
    help = "Find what wants a translation, compile the catalogues and check them, without gettext (docs/languages.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", nargs="?", default="compile", choices=["compile", "extract", "missing", "check"])
        parser.add_argument(
            "language", nargs="?", help="a code such as `so`; all languages that were begun when it is left out"
        )

    def handle(self, *args: Any, action: str, language: str | None, **options: Any) -> None:
        if language == SOURCE_LANGUAGE:
            raise CommandError("The source is written in English; it needs no catalogue.")
        languages = [language] if language else begun()
        match action:
            case "compile":
                for catalogue in catalogues():
                    catalogue.with_suffix(".mo").write_bytes(compiled(catalogue))
                self.stdout.write(f"{len(catalogues())} catalogues are compiled.")
            case "extract":
                extract(languages)
                for code in languages:
                    self.stdout.write(f"{code}: {len(missing(code))} sentences are not translated yet.")
            case "missing":
                for code in languages:
                    self.stdout.writelines(f"{code}: {text}\n" for text in missing(code))
            case "check":
                read = [path for path in catalogues() if language in (None, code_of(path))]
                if not read:
                    raise CommandError(f"Nothing is in {language} yet; `manage.py translations extract {language}` begins it.")
                named = [language] if language else None
                found = [*out_of_date(languages=named), *gaps(named), *(problem for path in read for problem in problems(path))]
                if found:
                    raise CommandError("\n".join(found))
                self.stdout.write(f"{len(read)} catalogues follow the source, are whole and are compiled.")
