"""The days after: integration windows, prompts, journals, KAP appointments and action steps."""
