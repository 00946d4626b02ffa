"""Knowledge about the clients of a service centre, from tables to tables: no web, no clock.

In reading order:

    sources.open_tables(path)        a foreign file, folder or database → canonical Tables
    study.study(tables, asof=…)      all that is known of that base on one day: .figures, .sheets, .customers()
    report.write_html(study, path)   one self-contained page; write_xlsx, study_json

Below them: mapping (foreign columns), schema (the canonical tables), quality (findings), facts (the views of sql/ on an
engine), classes, rfm, lifecycle, metrics (what is read out of them), config (every threshold), engines (where views
run), stats (plain mathematics), synth (an invented centre with known truth).
"""
