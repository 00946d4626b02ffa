"""The desk: the web application. Apps from low to high: core, accounts, people, assets, orders, tasks, pages."""
