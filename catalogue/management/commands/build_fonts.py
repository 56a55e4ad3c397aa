"""Make the site's web fonts from the typeface's package."""

from pathlib import Path
from typing import Any

import fontpkg_be_vietnam_pro
from django.conf import settings
from django.core.management.base import BaseCommand
from fontTools import subset

# Latin with every Vietnamese letter, the combining marks, punctuation, arrows and the sign of the đồng.
UNICODES = "U+0020-007E,U+00A0-017F,U+01A0-01B0,U+0300-0309,U+0323,U+1EA0-1EF9,U+2010-2026,U+2030-203A,U+20AB,U+2190-2193,U+2212"
WEIGHTS = {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700}


class Command(BaseCommand):
    help = "Subset Be Vietnam Pro to the letters the site uses and write it as WOFF2. Skips what is there."

    def handle(self, *args: Any, **options: Any) -> None:
        source = Path(fontpkg_be_vietnam_pro.__file__).parent / "files"
        target = settings.FONT_BUILD_DIR / "catalogue" / "fonts"
        target.mkdir(parents=True, exist_ok=True)
        for name, weight in WEIGHTS.items():
            font = target / f"be-vietnam-pro-{weight}.woff2"
            if font.exists():
                continue
            subset.main([
                str(source / f"BeVietnamPro-{name}.ttf"), f"--unicodes={UNICODES}", "--flavor=woff2",
                "--layout-features=*", f"--output-file={font}",
            ])  # fmt: skip
            self.stdout.write(f"{font.name}: {font.stat().st_size // 1024} KB")
