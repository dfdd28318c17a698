from django.urls import path

from surveys.views import (
    candidates,
    corrections,
    duties,
    filling,
    handouts,
    joining,
    letters,
    paper,
    papers,
    phone,
    prospects,
    public_forms,
    register_changes,
    reviewing,
    round_tools,
    rounds,
    sections,
    stamped,
    submitting,
    uploading,
    versions,
    withdrawing,
    workbooks,
)

app_name = "surveys"

RESPONSE = "portal/responses/<str:reference>/"
COPY = "portal/responses/<str:reference>/copy/"
REVIEW = "admin/review/"
ROUND = "admin/rounds/<slug:code>/"

urlpatterns = [
    path("portal/", duties.duties, name="duties"),
    path("join/", joining.join, name="join"),
    path("join/<str:code>/", joining.join_code, name="join_code"),
    path("admin/rounds/<slug:code>/letters/", letters.letters, name="letters"),
    path("forms/", public_forms.forms, name="forms"),
    path("forms/<slug:code>.<str:format>", public_forms.form_file, name="form_file"),
    # A round as a whole, on the association's side.
    path(f"{ROUND}audience/", rounds.round_audience, name="round_audience"),
    path(f"{ROUND}open/", rounds.round_open, name="round_open"),
    path(f"{ROUND}ask/", rounds.round_ask, name="round_ask"),
    path(f"{ROUND}rehearsal/", round_tools.round_rehearsal, name="round_rehearsal"),
    path(f"{ROUND}more-time/", round_tools.round_extension, name="round_extension"),
    path(f"{ROUND}copy/", round_tools.round_copy, name="round_copy"),
    # Writing and handing in.
    path(RESPONSE, filling.fill, name="response"),
    path(f"{RESPONSE}answers/", filling.answer_save, name="answer_save"),
    path(f"{RESPONSE}opened/", filling.opened, name="form_opened"),
    path(f"{RESPONSE}check/", submitting.check, name="check"),
    path(f"{RESPONSE}submit/", submitting.submit, name="submit"),
    path(f"{RESPONSE}receipt/", submitting.receipt, name="receipt"),
    path(f"{RESPONSE}print/<int:version>/", submitting.print_download, name="print_download"),
    path(f"{RESPONSE}print/<int:version>/state/", submitting.print_state, name="print_state"),
    path(f"{RESPONSE}print/<int:version>/again/", submitting.print_again, name="print_again"),
    path(f"{RESPONSE}withdraw/", withdrawing.withdraw, name="withdraw"),
    # The same in Excel.
    path(f"{RESPONSE}workbook/", workbooks.workbook, name="workbook"),
    path(f"{RESPONSE}workbook/file/", workbooks.workbook_download, name="workbook_download"),
    path(f"{RESPONSE}workbook/<str:upload>/changes/", workbooks.workbook_changes, name="workbook_changes"),
    # The sealed copy, on the unit's side.
    path(COPY, uploading.copy_upload, name="copy_upload"),
    path(f"{COPY}e-sealed/", uploading.copy_e_sealed, name="copy_e_sealed"),
    path(f"{COPY}pages/", uploading.copy_pages, name="copy_pages"),
    path(f"{COPY}send/", uploading.copy_send, name="copy_send"),
    path(f"{COPY}files/<int:file_id>/", uploading.copy_file, name="copy_file"),
    path(f"{COPY}files/<int:file_id>/withdraw/", uploading.copy_withdraw, name="copy_withdraw"),
    path(f"{COPY}files/<int:file_id>/read/", uploading.copy_reread, name="copy_reread"),
    path(f"{COPY}pages/<int:page_id>/thumbnail/", uploading.copy_thumbnail, name="copy_thumbnail"),
    path(f"{COPY}pages/<int:page_id>/number/", uploading.copy_settle, name="copy_settle"),
    path(f"{COPY}pages/<int:page_id>/leave/", uploading.copy_leave, name="copy_leave"),
    path(f"{COPY}pages/<int:page_id>/attachment/", uploading.copy_attach, name="copy_attach"),
    path(f"{COPY}pages/<int:page_id>/up/", uploading.copy_attachment_up, name="copy_attachment_up"),
    path(f"{COPY}<int:copy_id>/stamped/", stamped.copy_stamped, name="copy_stamped"),
    path(f"{COPY}<int:copy_id>/stamped/state/", stamped.copy_stamped_state, name="copy_stamped_state"),
    path(f"{COPY}<int:copy_id>/stamped/again/", stamped.copy_stamped_again, name="copy_stamped_again"),
    # Units that intend to apply.
    path("apply/", prospects.prospects, name="prospects"),
    path("apply/confirm/<str:token>/", prospects.prospect_confirm, name="prospect_confirm"),
    path("apply/<slug:code>/", prospects.prospect_apply, name="prospect_apply"),
    path("admin/prospects/<int:application_id>/merge/", candidates.prospect_merge, name="prospect_merge"),
    path("admin/paper/<str:reference>/", paper.paper_entry, name="paper_entry"),
    # A section handed to another office, and its page by link.
    path(f"{RESPONSE}handouts/", handouts.handouts, name="handouts"),
    path(f"{RESPONSE}handouts/new/<str:section>/", handouts.handout_new, name="handout_new"),
    path(f"{RESPONSE}handouts/<int:handout_id>/", handouts.handout, name="handout"),
    path(f"{RESPONSE}handouts/<int:handout_id>/accept/", handouts.handout_accept, name="handout_accept"),
    path(f"{RESPONSE}handouts/<int:handout_id>/revoke/", handouts.handout_revoke, name="handout_revoke"),
    path(f"{RESPONSE}handouts/<int:handout_id>/again/", handouts.handout_again, name="handout_again"),
    path(f"{RESPONSE}handouts/<int:handout_id>/reopen/", handouts.handout_reopen, name="handout_reopen"),
    path("s/<str:token>/", sections.section, name="section"),
    path("s/<str:token>/opened/", sections.section_opened, name="section_opened"),
    # Without an account: the code on the screen or on the print opens the upload page on a phone.
    path(f"{RESPONSE}phone/", phone.phone_code, name="phone_code"),
    path("u/<str:token>/", phone.phone, name="phone"),
    path("u/<str:token>/pages/", phone.phone_pages, name="phone_pages"),
    # The review desk, on the association's side.
    path(REVIEW, reviewing.review_queue, name="review_queue"),
    path(f"{REVIEW}<str:reference>/", reviewing.review, name="review"),
    path(f"{REVIEW}<str:reference>/take/", reviewing.review_take, name="review_take"),
    path(f"{REVIEW}<str:reference>/pages/<int:page_id>/", papers.review_page, name="review_page"),
    path(f"{REVIEW}<str:reference>/pages/<int:page_id>/settle/", papers.review_settle, name="review_settle"),
    path(f"{REVIEW}<str:reference>/files/<int:file_id>/", papers.review_file, name="review_file"),
    path(f"{REVIEW}<str:reference>/versions/", versions.review_versions, name="review_versions"),
    path(f"{REVIEW}<str:reference>/void/", corrections.review_void, name="review_void"),
    path(f"{REVIEW}<str:reference>/reopen/", corrections.review_reopen, name="review_reopen"),
    path(f"{REVIEW}<str:reference>/due-day/", corrections.review_due_day, name="review_due_day"),
    path(f"{REVIEW}<str:reference>/register/", register_changes.register_changes, name="register_changes"),
    path(
        f"{REVIEW}<str:reference>/register/<int:change_id>/",
        register_changes.register_change_decide,
        name="register_change_decide",
    ),
]
